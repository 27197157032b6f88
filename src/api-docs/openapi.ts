import { version } from "../../package.json";

export const OPENAPI_INFO = {
  info: {
    title: "Asistente de IA",
    version,
    license: { name: "MIT", identifier: "MIT" },
    description:
      "Resume, traduce, clasifica, extrae, redacta e informa, y recuerda lo que se hizo en cada chat. Los errores son `application/problem+json` (RFC 9457) y cada uno tiene su página en `/errores/{codigo}`.",
  },
  servers: [{ url: "/", description: "Este servicio." }],
  tags: [
    { name: "Tareas", description: "Trabajo con textos." },
    { name: "Chats", description: "El modo de cada chat." },
    { name: "Historial", description: "Lo que se hizo en cada chat." },
    { name: "Acceso", description: "Claves, tokens y lo que cada uno puede." },
    { name: "Administración", description: "El reloj del servicio." },
    { name: "Informes", description: "El informe semanal de cada chat." },
    { name: "Salud", description: "Cómo está el servicio. Sin clave." },
  ],
  // Either of the two is enough.
  security: [{ clave: [] }, { portador: [] }],
};

export const API_KEY_SCHEME = {
  type: "apiKey",
  in: "header",
  name: "x-api-key",
  description: "La clave principal (`API_KEY`) o una hecha en `POST /api/v1/claves`.",
} as const;

export const BEARER_SCHEME = {
  type: "http",
  scheme: "bearer",
  description: "Un token de `POST /api/v1/auth/token`, o una clave.",
} as const;
