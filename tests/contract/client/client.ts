// A client program that uses the types that openapi-typescript generates. contract.test.ts compiles and runs it.
import createClient from "openapi-fetch";
import type { paths } from "./api.d.ts";

declare const process: { argv: string[] };

const [baseUrl = "", key = ""] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { "x-api-key": key } });
const withoutKey = createClient<paths>({ baseUrl });
const chat_id = 4_242;

function unwrap<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const alive = unwrap(await api.GET("/health"));
unwrap(await api.GET("/api/v1/health"));
const health = unwrap(await api.GET("/health/detailed"));
const { tareas } = unwrap(await api.GET("/api/v1/tareas"));
const mode = unwrap(await api.POST("/api/v1/estado", { body: { chat_id, modo: "/resumir" } }));
const byMode = unwrap(
  await api.POST("/api/v1/procesar", { body: { chat_id, texto: "Una frase. Otra frase más." } }),
);
const translated = unwrap(
  await api.POST("/api/v1/procesar", {
    body: {
      chat_id,
      texto: "Buenos días a todos.",
      tipo_tarea: "traducir",
      opciones: { idioma_destino: "fr", formalidad: "usted" },
    },
    params: { header: { "idempotency-key": "cliente-1" } },
  }),
);
const listed = unwrap(await api.POST("/api/v1/consultar", { body: { chat_id, limit: 1 } }));
const counted = unwrap(
  await api.POST("/api/v1/consultar-inteligente", {
    body: { chat_id, texto: "¿cuántos textos traduje hoy?" },
  }),
);
const file = unwrap(
  await api.GET("/api/v1/historial/exportar", {
    params: { query: { chat_id, formato: "jsonl" } },
    parseAs: "text",
  }),
);
unwrap(await api.DELETE("/api/v1/cache", { params: { query: { tipo_tarea: "traducir" } } }));
const erased = unwrap(
  await api.DELETE("/api/v1/historial/{chat_id}", { params: { path: { chat_id } } }),
);
const { error: refused } = await withoutKey.POST("/api/v1/estado", { body: { chat_id } });
const { error: invalid } = await api.POST("/api/v1/procesar", {
  body: {
    chat_id,
    texto: "a",
    // @ts-expect-error The task does not exist.
    tipo_tarea: "bailar",
  },
});

console.log(
  JSON.stringify({
    alive: alive.status,
    database: health.componentes.base_de_datos.estado,
    tasks: tareas.map(({ tipo_tarea }) => tipo_tarea),
    mode: mode.modo_actual,
    byMode: byMode.tipo_tarea,
    translated: translated.success && translated.resultado.length > 0,
    listed: listed.consultas.length,
    total: listed.total,
    counted: counted.total,
    lines: file.trim().split("\n").length,
    erased: erased.registros,
    refused: refused?.codigo,
    invalid: invalid?.errores?.map(({ campo }) => campo),
  }),
);
