import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { TestProject } from "vitest/node";
import type { SuiteEnvironment } from "./suite-environment.ts";

declare module "vitest" {
  export interface ProvidedContext {
    suiteEnvironment: SuiteEnvironment;
    postgresUrl: string;
    /** A database that only the year suite uses. */
    yearPostgresUrl: string;
    /** A proxy that speaks Neon's protocol. */
    neonProxyUrl: string;
    openaiUrl: string;
    telegramUrl: string;
    /** Receives webhooks, and mails at `/emails`. */
    receiverUrl: string;
    /** docs/bench.md, which suites in workerd cannot read by themselves. */
    benchPage: string;
  }
}

/**
 * Node loads servers.ts, not Vite: the module conditions for workerd would give it the wrong builds of its packages. Node
 * also loads it once, so that all projects share the servers.
 */
const { useServers } = createRequire(import.meta.url)(
  "./servers.ts",
) as typeof import("./servers.ts");

/** Gives a project that has tests to run the addresses of the servers. */
export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const { urls, release } = await useServers();
  provide("postgresUrl", urls.postgres);
  provide("yearPostgresUrl", urls.yearPostgres);
  provide("neonProxyUrl", urls.neonProxy);
  provide("openaiUrl", urls.openai);
  provide("telegramUrl", urls.telegram);
  provide("receiverUrl", urls.receiver);
  provide("benchPage", await readFile("docs/bench.md", "utf8"));

  return release;
}
