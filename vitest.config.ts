import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { fetch as loopbackFetch, Response as MiniflareResponse } from "miniflare";
import { defineConfig } from "vitest/config";
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

// wrangler wants an address before the suites can give theirs.
process.env["CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE"] =
  "postgres://nadie:nada@127.0.0.1:1/ninguna";

const LOOPBACK = new Set(["127.0.0.1", "localhost"]);

/** Small, so that a test that provokes a time-out does not have to wait for it. */
const MODEL_SETTINGS = {
  OPENAI_API_KEY: TEST_PROVIDER_KEY,
  OPENAI_TIMEOUT: "1",
  OPENAI_TOTAL_TIMEOUT: "5",
  OPENAI_MAX_RETRIES: "2",
  OPENAI_RETRY_DELAY_BASE: "0.02",
  OPENAI_RETRY_DELAY_MAX: "0.1",
};

type Suite = {
  name: string;
  folder: string;
  /** The way to PostgreSQL: an address for Hyperdrive, or a proxy that speaks as Neon does. */
  through:
    | "postgresUrl"
    | "yearPostgresUrl"
    | "breakablePostgresUrl"
    | "neonProxyUrl"
    | "breakableNeonProxyUrl";
  model: boolean;
};

/** After all others: what one suite breaks, another would miss. */
const ONE_AT_A_TIME = { maxWorkers: 1, sequence: { groupOrder: 1 } };

const isNeon = (through: Suite["through"]): boolean => /neon/i.test(through);

/** Cloudflare Access has one address, which no setting can change: the fake receiver answers in its place. */
function standInFor(url: URL, receiverUrl: string): URL {
  return url.hostname.endsWith(".cloudflareaccess.com")
    ? new URL(`${receiverUrl}/${url.hostname}${url.pathname}`)
    : url;
}

/** Tests of one folder, in workerd, against a real PostgreSQL and a fake model. */
const inWorkerd = ({ name, folder, through, model }: Suite) => ({
  plugins: [
    cloudflareTest(({ inject }) => ({
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
          ...(isNeon(through) && {
            DATABASE_DRIVER: "neon",
            DATABASE_URL: inject("postgresUrl"),
            NEON_PROXY: inject(through),
          }),
          CUERPO_TIMEOUT: "1",
          TELEGRAM_BOT_TOKEN: BOT_TOKEN,
          TELEGRAM_API_URL: inject("telegramUrl"),
          WEBHOOK_SECRET: TEST_WEBHOOK_SECRET,
          WEBHOOKS_PERMITIDOS: `${inject("receiverUrl")}/hook/`,
          CORREO_API_URL: `${inject("receiverUrl")}/emails`,
          CORREO_API_KEY: MAIL_KEY,
          CORREO_REMITENTE: "Asistente <informes@ejemplo.com>",
          ...(model && { ...MODEL_SETTINGS, OPENAI_BASE_URL: inject("openaiUrl") }),
        },
        ...(isNeon(through) ? {} : { hyperdrives: { HYPERDRIVE: inject(through) } }),
        // Only miniflare's fetch understands WebSocket upgrades, and it wants the pieces, not the Request.
        outboundService: (request: Request) => {
          const url = standInFor(new URL(request.url), inject("receiverUrl"));
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
    })),
  ],
  test: {
    name,
    include: [`tests/${folder}/**/*.test.ts`],
    // The first request of a file loads the whole Worker, which takes long where much else is going on.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    ...(through.startsWith("breakable") && ONE_AT_A_TIME),
    setupFiles: ["./tests/support/leak-detector.setup.ts"],
    deps: {
      optimizer: {
        ssr: { enabled: true, include: ["openai", "chanfana", "zod", "zod/locales", "fast-check"] },
      },
    },
  },
});

export default defineConfig({
  // The suites' require() calls are resolved here and not in their own part, without workerd's conditions: `pg` would
  // get the empty stand-in that its socket library has for Node.
  resolve: {
    alias: { "pg-cloudflare": `${import.meta.dirname}/node_modules/pg-cloudflare/dist/index.js` },
  },
  test: {
    globalSetup: ["./tests/support/global-setup.ts"],
    // Of its own accord vitest leaves a processor idle, which is half of a small machine.
    maxWorkers: "100%",
    projects: [
      { test: { name: "unit", include: ["{src,scripts,tests/project,tests/evals}/**/*.test.ts"] } },
      inWorkerd({ name: "worker", folder: "worker", through: "postgresUrl", model: true }),
      inWorkerd({ name: "worker-neon", folder: "worker", through: "neonProxyUrl", model: true }),
      // What the driver changes in a year is what the suites above show in a day.
      inWorkerd({ name: "year", folder: "year", through: "yearPostgresUrl", model: true }),
      inWorkerd({ name: "attacks", folder: "attacks", through: "postgresUrl", model: true }),
      inWorkerd({ name: "local", folder: "local", through: "postgresUrl", model: false }),
      inWorkerd({ name: "faults", folder: "faults", through: "breakablePostgresUrl", model: true }),
      inWorkerd({
        name: "faults-neon",
        folder: "faults",
        through: "breakableNeonProxyUrl",
        model: true,
      }),
    ],
  },
});
