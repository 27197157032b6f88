import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { withDatabaseUrl } from "./lib/database.ts";
import { migrate } from "./lib/migrate.ts";
import { runMain } from "./lib/run-main.ts";
import { dropSchema } from "./lib/schema.ts";
import { UserError } from "./lib/user-error.ts";
import { withPgClient } from "./lib/with-pg-client.ts";

const CONFIRMATION = "borrar";

const COMMANDS: Record<string, (url: string, args: string[]) => Promise<void>> = {
  open,
  // withDatabaseUrl has migrated the database before it calls a command.
  migrate: async () => console.log("La base de datos está al día."),
  optimize,
  reset,
};

/** `npm run db`: opens this folder's database with psql. If psql is not installed, the error contains the URL. */
async function open(url: string): Promise<void> {
  const psql = spawn("psql", [url], { stdio: "inherit" });
  // Ctrl-C reaches psql too, where it only cancels the query: this process must stay.
  process.on("SIGINT", () => undefined);
  try {
    await once(psql, "exit");
  } catch {
    throw new UserError(
      `Para abrir la base de datos hace falta psql (paquete postgresql-client). Con el servicio en marcha, cualquier otro programa puede abrir ${url}`,
    );
  }
}

/** `npm run db:optimize`: removes dead rows and updates the planner's statistics. Does not block reads or writes. */
async function optimize(url: string): Promise<void> {
  await withPgClient(url, async (client) => {
    const readSize = async (): Promise<string> => {
      const { rows } = await client.query<{ size: string }>(
        "SELECT pg_size_pretty(sum(pg_total_relation_size(inhrelid))) AS size FROM pg_inherits WHERE inhparent = 'consultas_ia'::regclass",
      );
      return rows[0]?.size ?? "0 bytes";
    };
    const before = await readSize();
    await client.query("SET statement_timeout = 0");
    await client.query("VACUUM (ANALYZE) consultas_ia");
    console.log(`Historial optimizado: ${before} antes, ${await readSize()} ahora.`);
  });
}

/** `npm run db:reset`: deletes the whole history after a confirmation. */
async function reset(url: string, args: string[]): Promise<void> {
  const { host, pathname } = new URL(url);
  const warning = `Se borrará TODO el historial de ${host}${pathname}. No se puede deshacer.`;
  if (!(await isConfirmed(warning, args))) throw new UserError("No se ha borrado nada.");
  await withPgClient(url, async (client) => {
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

const [name = "open", ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) throw new Error(`Unknown command: ${name}`);
await runMain(() => withDatabaseUrl((url) => command(url, args)));
