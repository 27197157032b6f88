import { z } from "zod";

const POSTGRES_ADDRESS = "debe ser una dirección como postgres://usuario:clave@servidor:5432/base";

/** PostgreSQL: the driver and the address. */
export const DbSettings = z.object({
  DATABASE_DRIVER: z
    .enum(["hyperdrive", "neon"], { error: "debe ser hyperdrive o neon" })
    .default("hyperdrive")
    .describe("Cómo se llega a PostgreSQL: por Hyperdrive o por el controlador sin TCP de Neon."),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: POSTGRES_ADDRESS })
    // URL.parse does not throw: an error of `new URL` would show the password, in which an unescaped slash is common.
    .refine((url) => (URL.parse(url)?.pathname.length ?? 0) > 1, POSTGRES_ADDRESS)
    .optional()
    .describe(
      "Dirección de tu PostgreSQL. En local, sin ella «npm start» arranca uno y guarda sus datos en .data/. Desplegado, solo la lee el controlador de Neon.",
    ),
  NEON_PROXY: z
    .url({ protocol: /^https?$/, error: "debe ser una dirección http(s)" })
    .optional()
    .describe("Proxy propio que habla como Neon (/sql y /v1) delante de otro PostgreSQL."),
});
