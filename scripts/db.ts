import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { Client } from "pg";
import { withDatabaseUrl } from "./lib/database.ts";
import { migrate } from "./lib/migrate.ts";
import { dropSchema } from "./lib/schema.ts";
import { UserError } from "./lib/user-error.ts";

const CONFIRMATION = "borrar";

const COMMANDS: Record<string, (url: string, args: string[]) => Promise<void>> = {
  open,
  migrate: async () => console.log("La base de datos está al día."),
  optimize,
  reset,
};

/** `npm run db`: psql on this folder's database, where psql is installed; its address otherwise. */
async function open(url: string): Promise<void> {
  const psql = spawn("psql", [url], { stdio: "inherit" });
  // The terminal sends Ctrl-C to psql too, and there it only ends the query.
  process.on("SIGINT", () => undefined);
  try {
    await once(psql, "exit");
  } catch {
    throw new UserError(
      `Para abrir la base de datos hace falta psql (paquete postgresql-client). Con el servicio en marcha, cualquier otro programa puede abrir ${url}`,
    );
  }
}

/** Frees dead rows and refreshes the planner's figures. Readers and writers go on meanwhile. */
async function optimize(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const sizeOf = async (): Promise<string> => {
      const { rows } = await client.query<{ size: string }>(
        "SELECT pg_size_pretty(sum(pg_total_relation_size(inhrelid))) AS size FROM pg_inherits WHERE inhparent = 'consultas_ia'::regclass",
      );
      return rows[0]?.size ?? "0 bytes";
    };
    const before = await sizeOf();
    await client.query("SET statement_timeout = 0");
    await client.query("VACUUM (ANALYZE) consultas_ia");
    console.log(`Historial optimizado: ${before} antes, ${await sizeOf()} ahora.`);
  });
}

/** Deletes the whole history, after asking. */
async function reset(url: string, args: string[]): Promise<void> {
  const { host, pathname } = new URL(url);
  const asked = `Se borrará TODO el historial de ${host}${pathname}. No se puede deshacer.`;
  if (!(await isConfirmed(asked, args))) {
    throw new UserError("No se ha borrado nada.");
  }
  await withClient(url, async (client) => {
    await client.query("BEGIN");
    await dropSchema(client);
    await client.query("COMMIT");
  });
  await migrate(url);
  console.log("Historial vacío.");
}

async function isConfirmed(warning: string, args: string[]): Promise<boolean> {
  if (args.includes("--si")) return true;
  if (!process.stdin.isTTY) {
    throw new UserError(`${warning} Sin un terminal donde preguntarlo, confírmalo con --si.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${warning} Escribe «${CONFIRMATION}» para seguir: `);
  terminal.close();
  return answer.trim().toLowerCase() === CONFIRMATION;
}

async function withClient(url: string, use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

const [name = "open", ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) throw new Error(`Unknown command: ${name}`);
try {
  await withDatabaseUrl((url) => command(url, args));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
}
