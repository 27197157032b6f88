import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { fetch as loopbackFetch, Response as MiniflareResponse } from "miniflare";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import {
  BOT_TOKEN,
  MAIL_KEY,
  TEST_ACCESS_AUD,
  TEST_ACCESS_DOMAIN,
  TEST_API_KEY,
  TEST_JWT_SECRET,
  TEST_PREVIOUS_JWT_SECRET,
  TEST_PEPPER,
  TEST_PROVIDER_KEY,
  TEST_WEBHOOK_SECRET,
} from "./tests/support/secrets.ts";
import { startBreakableProxy } from "./tests/support/breakable-proxy.ts";
import type { SuiteEnvironment } from "./tests/support/suite-environment.ts";

// wrangler requires an address before the suites can pass theirs.
process.env["CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE"] =
  "postgres://nadie:nada@127.0.0.1:1/ninguna";

const LOOPBACK = new Set(["127.0.0.1", "localhost"]);

/** Short, so that a test that provokes a timeout does not have to wait for it. */
const MODEL_SETTINGS = {
  OPENAI_API_KEY: TEST_PROVIDER_KEY,
  OPENAI_TIMEOUT: "1",
  OPENAI_TOTAL_TIMEOUT: "5",
  OPENAI_MAX_RETRIES: "2",
  OPENAI_RETRY_DELAY_BASE: "0.02",
  OPENAI_RETRY_DELAY_MAX: "0.1",
};

/** Cloudflare Access has one address, which no setting can change: the fake receiver answers in its place. */
function redirectToReceiver(url: URL, receiverUrl: string): URL {
  return url.hostname.endsWith(".cloudflareaccess.com")
    ? new URL(`${receiverUrl}/${url.hostname}${url.pathname}`)
    : url;
}

/** Packages of many files, each bundled into few: workerd asks for every file over a socket. */
const BUNDLED = ["openai", "chanfana", "zod", "zod/locales", "fast-check"];

/** Puts a proxy in front of a server, which the tests in one workerd can break through `controlUrl`. */
async function makeBreakable(serverUrl: string): Promise<{ url: string; controlUrl: string }> {
  const url = new URL(serverUrl);
  const { port, controlUrl } = await startBreakableProxy(Number(url.port));
  url.port = String(port);
  return { url: url.href, controlUrl };
}

/** Runs the Worker and its tests in workerd, against a real PostgreSQL and a fake model. */
const workerd = cloudflareTest(async ({ inject }) => {
  const { database, isBreakable, hasModel } = inject("suiteEnvironment");
  const isNeon = database === "neonProxyUrl";
  const databaseUrl = inject(database);
  const breakable = isBreakable ? await makeBreakable(databaseUrl) : undefined;
  const connectionUrl = breakable?.url ?? databaseUrl;
  return {
    wrangler: { configPath: "./wrangler.toml" },
    remoteBindings: false,
    miniflare: {
      cf: false as const,
      bindings: {
        API_KEY: TEST_API_KEY,
        KEYS_PEPPER: TEST_PEPPER,
        JWT_SECRET: TEST_JWT_SECRET,
        JWT_SECRET_ANTERIOR: TEST_PREVIOUS_JWT_SECRET,
        ACCESS_TEAM_DOMAIN: TEST_ACCESS_DOMAIN,
        ACCESS_AUD: TEST_ACCESS_AUD,
        ...(isNeon && {
          DATABASE_DRIVER: "neon",
          DATABASE_URL: inject("postgresUrl"),
          NEON_PROXY: new URL(connectionUrl).origin,
        }),
        ...(breakable && { DATABASE_CONTROL_URL: breakable.controlUrl }),
        CUERPO_TIMEOUT: "1",
        TELEGRAM_BOT_TOKEN: BOT_TOKEN,
        TELEGRAM_API_URL: inject("telegramUrl"),
        WEBHOOK_SECRET: TEST_WEBHOOK_SECRET,
        WEBHOOKS_PERMITIDOS: `${inject("receiverUrl")}/hook/`,
        CORREO_API_URL: `${inject("receiverUrl")}/emails`,
        CORREO_API_KEY: MAIL_KEY,
        CORREO_REMITENTE: "Asistente <informes@ejemplo.com>",
        ...(hasModel && { ...MODEL_SETTINGS, OPENAI_BASE_URL: inject("openaiUrl") }),
      },
      ...(!isNeon && { hyperdrives: { HYPERDRIVE: connectionUrl } }),
      // Only miniflare's fetch supports WebSocket upgrades, and it takes the parts of a request, not a Request.
      outboundService: (request: Request) => {
        const url = redirectToReceiver(new URL(request.url), inject("receiverUrl"));
        return LOOPBACK.has(url.hostname)
          ? loopbackFetch(url.href, {
              method: request.method,
              headers: [...request.headers],
              body: request.body,
              duplex: "half",
              redirect: "manual",
              signal: request.signal,
            })
          : new MiniflareResponse(`egress blocked: ${request.url}`, { status: 599 });
      },
    },
  };
});

/** Starts PostgreSQL and the fake services for the projects that have tests to run. */
const SERVERS = "./tests/support/global-setup.ts";

/** Tests that run in Node, with a Vite server of their own: they need none of workerd's module conditions. */
const nodeSuite = (
  name: string,
  folder: string,
  test: TestProjectInlineConfiguration["test"] = {},
): TestProjectInlineConfiguration => ({
  extends: false,
  test: {
    name,
    include: [`${folder}/**/*.test.ts`],
    maxWorkers: "100%",
    // A property test makes thousands of runs, which take long on a busy machine.
    testTimeout: 60_000,
    ...test,
  },
});

type Suite = Partial<SuiteEnvironment> & { name: string; folder: string };

/** The tests of one folder. It has no Vite options of its own, so that all suites share one Vite server. */
const suite = ({
  name,
  folder,
  database = "postgresUrl",
  isBreakable = false,
  hasModel = true,
}: Suite): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [`tests/${folder}/**/*.test.ts`],
    globalSetup: [SERVERS],
    setupFiles: ["./tests/support/fresh-state.setup.ts", "./tests/support/leak-detector.setup.ts"],
    // The files share a workerd: fresh-state.setup.ts keeps them apart.
    isolate: false,
    sequence: { setupFiles: "list" },
    provide: { suiteEnvironment: { database, isBreakable, hasModel } },
  },
});

export default defineConfig({
  plugins: [workerd],
  test: {
    // By default vitest leaves one processor idle, which is half of a small machine.
    maxWorkers: "100%",
    // Prints what a test logs only when it fails.
    silent: "passed-only",
    slowTestThreshold: 10_000,
    // The first request of a file loads the whole Worker, which takes long on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // With the cache, the plugin loses source maps: a failed assertion would be reported at the wrong line.
    fsModuleCache: false,
    deps: { optimizer: { ssr: { enabled: true, include: BUNDLED } } },
    projects: [
      nodeSuite("unit", "{src,scripts,tests/project,tests/evals}"),
      nodeSuite("database", "tests/database", { globalSetup: [SERVERS] }),
      suite({ name: "worker", folder: "worker" }),
      suite({ name: "worker-neon", folder: "worker", database: "neonProxyUrl" }),
      // The driver makes no difference over a year that the suites above do not show in a day.
      suite({ name: "year", folder: "year", database: "yearPostgresUrl" }),
      suite({ name: "attacks", folder: "attacks" }),
      suite({ name: "local", folder: "local", hasModel: false }),
      suite({ name: "faults", folder: "faults", isBreakable: true }),
      suite({
        name: "faults-neon",
        folder: "faults",
        database: "neonProxyUrl",
        isBreakable: true,
      }),
    ],
  },
});
