/** The services around the Worker of a suite. */
export type Surroundings = {
  /** The way to PostgreSQL: an address for Hyperdrive, or a proxy that speaks Neon's protocol. */
  database: "postgresUrl" | "yearPostgresUrl" | "neonProxyUrl";
  /** Whether the tests can break the connection to the database: see set-postgres.ts. */
  isBreakable: boolean;
  /** Whether the Worker has a model; without one, the local engine answers. */
  hasModel: boolean;
};
