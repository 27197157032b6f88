import { z } from "zod";
import { listItems } from "../lib/setting-types.ts";

const secret = z
  .string()
  .min(32, "debe tener al menos 32 caracteres: openssl rand -base64 33")
  .max(512, "debe tener como mucho 512 caracteres");

/** Credentials: the owner's key, the secrets of keys and tokens, and Cloudflare Access. */
export const AccessSettings = z.object({
  API_KEY: z
    .string()
    .min(16, "debe tener al menos 16 caracteres")
    .max(512, "debe tener como mucho 512 caracteres")
    .optional()
    .describe("Clave que los clientes envían en x-api-key. Sin ella se rechaza toda petición."),
  KEYS_PEPPER: secret
    .optional()
    .describe(
      "Secreto con el que se hacen las demás claves. Si se cambia, dejan de valer todas. En local, «npm start» guarda uno en .data/.",
    ),
  JWT_SECRET: secret
    .optional()
    .describe(
      "Secreto con el que se firman los tokens. En local, «npm start» guarda uno en .data/.",
    ),
  JWT_SECRET_ANTERIOR: secret
    .optional()
    .describe("El JWT_SECRET de antes, mientras queden tokens firmados con él (una hora)."),
  ACCESS_TEAM_DOMAIN: z
    .string()
    .regex(/^(https:\/\/)?[a-z0-9-]+\.cloudflareaccess\.com\/?$/, {
      error: "debe ser como miequipo.cloudflareaccess.com",
    })
    .transform((given) => given.replace(/^https:\/\/|\/$/g, ""))
    .optional()
    .describe(
      "Dominio de tu equipo en Cloudflare Access (miequipo.cloudflareaccess.com): quien entra por él entra como propietario.",
    ),
  ACCESS_AUD: z
    .string()
    .default("")
    .transform(listItems)
    .describe("Etiqueta AUD de la aplicación de Cloudflare Access; varias, separadas por comas."),
  ACCESS_CORREOS: z
    .string()
    .refine((list) => listItems(list).every((item) => /^[^\s@]+@[^\s@]+$/.test(item)), {
      error: "debe ser una lista de correos separados por comas",
    })
    .default("")
    .transform((list) => listItems(list).map((email) => email.toLowerCase()))
    .describe(
      "Correos que entran por Cloudflare Access, separados por comas. Vacío: todos los que deje pasar su política.",
    ),
});
