import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findFreePort } from "../../scripts/lib/ports.ts";

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;
const OWNER = {
  email: "dueno@example.com",
  firstName: "Dueña",
  lastName: "De prueba",
  password: "Prueba-1234-no-secreta",
};

export type N8n = {
  url: string;
  apiKey: string;
  /** Returns the output so far. */
  log: () => string;
  stop: () => Promise<void>;
};

/**
 * Starts a real n8n with an empty database, an owner and an API key. Its HTTPS requests go through `google.proxyUrl`.
 */
export async function startN8n(
  installed: string,
  google: { proxyUrl: string; certificate: string },
): Promise<N8n> {
  const home = mkdtempSync(join(tmpdir(), "asistente-n8n-"));
  const [port, brokerPort] = [await findFreePort(), await findFreePort()];
  const url = `http://127.0.0.1:${port}`;
  const certificate = join(home, "google.pem");
  writeFileSync(certificate, google.certificate);
  const logFile = join(home, "n8n.log");
  const child = spawn(process.execPath, [join(installed, "node_modules/n8n/bin/n8n"), "start"], {
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      N8N_USER_FOLDER: home,
      N8N_ENCRYPTION_KEY: "solo-para-pruebas",
      N8N_LISTEN_ADDRESS: "127.0.0.1",
      N8N_PORT: String(port),
      N8N_RUNNERS_BROKER_PORT: String(brokerPort),
      N8N_WEBHOOK_URL: `${url}/`,
      N8N_DIAGNOSTICS_ENABLED: "false",
      N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
      N8N_TEMPLATES_ENABLED: "false",
      N8N_PERSONALIZATION_ENABLED: "false",
      N8N_SECURE_COOKIE: "false",
      N8N_DISABLED_MODULES:
        "mcp-registry,mcp,instance-ai,chat-hub,insights,agents,community-packages,external-secrets,source-control",
      DB_TYPE: "sqlite",
      GENERIC_TIMEZONE: "Europe/Madrid",
      HTTPS_PROXY: google.proxyUrl,
      NO_PROXY: "127.0.0.1,localhost",
      NODE_EXTRA_CA_CERTS: certificate,
    },
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const readLog = (): string => readFileSync(logFile, "utf8");
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await Promise.race([exit, wait(STOP_TIMEOUT_MS)]);
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    }
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await isReady(url))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`n8n did not start:\n${readLog().slice(-3_000)}`);
      }
      await wait(250);
    }
    return { url, apiKey: await createApiKey(url), log: readLog, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz/readiness`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

/** Creates the owner and an API key with the requests that n8n's own pages make. */
async function createApiKey(url: string): Promise<string> {
  const owner = await call(`${url}/rest/owner/setup`, OWNER, {});
  const cookie = owner.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const key = await call(
    `${url}/rest/api-keys`,
    {
      label: "pruebas",
      expiresAt: null,
      scopes: [
        ..."workflow:create workflow:read workflow:update workflow:list workflow:activate workflow:deactivate".split(
          " ",
        ),
        ..."credential:create credential:list execution:read execution:list".split(" "),
      ],
    },
    { cookie },
  );
  const { data } = await key.json<{ data: { rawApiKey: string } }>();
  return data.rawApiKey;
}

async function call(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}
