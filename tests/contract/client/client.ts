// A program that somebody else writes with what openapi-typescript makes of the document. Compiled and run by the test.
import createClient from "openapi-fetch";
import type { paths } from "./api.d.ts";

declare const process: { argv: string[] };

const [baseUrl = "", key = ""] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { "x-api-key": key } });
const stranger = createClient<paths>({ baseUrl });
const chat_id = 4_242;

function must<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const alive = must(await api.GET("/health"));
must(await api.GET("/api/v1/health"));
const health = must(await api.GET("/health/detailed"));
const { tareas } = must(await api.GET("/api/v1/tareas"));
const mode = must(await api.POST("/api/v1/estado", { body: { chat_id, modo: "/resumir" } }));
const byMode = must(
  await api.POST("/api/v1/procesar", { body: { chat_id, texto: "Una frase. Otra frase más." } }),
);
const translated = must(
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
const listed = must(await api.POST("/api/v1/consultar", { body: { chat_id, limit: 1 } }));
const counted = must(
  await api.POST("/api/v1/consultar-inteligente", {
    body: { chat_id, texto: "¿cuántos textos traduje hoy?" },
  }),
);
const file = must(
  await api.GET("/api/v1/historial/exportar", {
    params: { query: { chat_id, formato: "jsonl" } },
    parseAs: "text",
  }),
);
must(await api.DELETE("/api/v1/cache", { params: { query: { tipo_tarea: "traducir" } } }));
const erased = must(
  await api.DELETE("/api/v1/historial/{chat_id}", { params: { path: { chat_id } } }),
);
const { error: refused } = await stranger.POST("/api/v1/estado", { body: { chat_id } });
const { error: invalid } = await api.POST("/api/v1/procesar", {
  body: {
    chat_id,
    texto: "a",
    // @ts-expect-error There is no such task.
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
