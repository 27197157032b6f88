import type { Config } from "../config.ts";
import type { Database } from "./database.ts";
import { hyperdriveDatabase } from "./hyperdrive.ts";
import { neonDatabase } from "./neon.ts";

type DatabaseConfig = Pick<Config, "DATABASE_DRIVER" | "DATABASE_URL" | "NEON_PROXY">;

/** Chooses the driver that DATABASE_DRIVER names. Opens no connection: each call of the result opens its own. */
export function createDatabase(
  config: DatabaseConfig,
  hyperdrive: Pick<Hyperdrive, "connectionString"> | undefined,
): Database {
  switch (config.DATABASE_DRIVER) {
    case "neon":
      return neonDatabase(config.DATABASE_URL ?? "", config.NEON_PROXY);
    case "hyperdrive":
      return hyperdriveDatabase(hyperdrive);
  }
}
