import { contentJson } from "chanfana";
import type { AppContext } from "../http/context.ts";
import { Endpoint } from "../http/endpoint.ts";
import { jsonBody } from "../http/json-body-spec.ts";
import { BODY_PROBLEMS, problemResponses } from "../http/problem-responses.ts";
import { answerQuestion } from "./answer-question.ts";
import { ConsultarInteligenteBody, ConsultarInteligenteReply } from "./questions.schemas.ts";

const SCHEMA = {
  tags: ["Historial"],
  operationId: "consultarInteligente",
  summary: "Responde a una pregunta sobre el historial de un chat",
  description:
    "Entiende preguntas en español y en inglés: listas, cuentas, un registro por su lugar o un dato suyo. Primero por reglas, sin coste; lo que no entienden lo lee el modelo, si lo hay. `interpretacion` dice siempre cómo se entendió.",
  request: { body: jsonBody(ConsultarInteligenteBody) },
  responses: {
    "200": {
      description:
        "La respuesta: `consultas` y `total`, `total`, `registro`, o el dato pedido por su nombre. Si no se entendió, `success` es false y `mensaje` da ejemplos.",
      ...contentJson(ConsultarInteligenteReply),
    },
    ...problemResponses([...BODY_PROBLEMS, "historial_no_disponible"]),
  },
};

export class ConsultarInteligenteEndpoint extends Endpoint {
  override schema = SCHEMA;

  override async handle(c: AppContext): Promise<Response> {
    const { data, warnings } = await this.readBody(c, ConsultarInteligenteBody);
    const chat = { client: c.get("client"), chatId: data.chat_id };
    const reply = await answerQuestion(c.get("deps"), chat, {
      text: data.texto,
      referenceDate: data.fecha_referencia ?? undefined,
      timeZone: data.zona_horaria ?? undefined,
    });
    return c.json({ ...reply, ...(warnings.length > 0 && { avisos: warnings }) });
  }
}
