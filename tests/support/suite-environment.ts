/** What differs between the suites in workerd. */
export type SuiteEnvironment = {
  /** How the Worker reaches PostgreSQL: an address for Hyperdrive, or a proxy that speaks Neon's protocol. */
  database: "postgresUrl" | "yearPostgresUrl" | "neonProxyUrl";
  /** Whether the tests can break the connection to the database: see set-postgres.ts. */
  isBreakable: boolean;
  /** Whether the Worker has a model; without one, the local engine answers. */
  hasModel: boolean;
};
