import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./lib/root.ts";

const AUDIT_TIMEOUT_MS = 60_000;
/** The threat model. It names the advisories that do not affect this project. */
const THREAT_MODEL_FILE = "docs/amenazas.md";

const Advisory = z.object({ title: z.string(), url: z.string(), severity: z.string() });
const AuditReport = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ via: z.array(z.union([z.string(), Advisory])) }),
  ),
});

/**
 * `npm run audit`: lists the known vulnerabilities of the dependencies, development tools included. Fails if the threat
 * model does not name one of them (GHSA-…). Passes with a message if the registry has no audit service.
 */
async function audit(): Promise<number> {
  const report = readReport(await runNpmAudit());
  if (!report) {
    console.log("El registro de paquetes no responde a «npm audit»: no se ha comprobado nada.");
    return 0;
  }

  const explained = readFileSync(join(ROOT, THREAT_MODEL_FILE), "utf8");
  const advisories = advisoriesById(report);
  const unexplained = [...advisories].filter(([id]) => !explained.includes(id));
  for (const [, line] of unexplained) console.error(`✗ ${line}`);
  if (unexplained.length > 0) {
    console.error(`Actualiza el paquete, o explica en ${THREAT_MODEL_FILE} por qué no nos afecta.`);
    return 1;
  }
  console.log(`✓ ${advisories.size} avisos, todos explicados en ${THREAT_MODEL_FILE}`);
  return 0;
}

async function runNpmAudit(): Promise<string> {
  return await new Promise<string>((resolve) => {
    // npm exits with 1 both for vulnerabilities and for a failed request: only its output distinguishes them.
    execFile(
      "npm",
      ["audit", "--json"],
      { cwd: ROOT, timeout: AUDIT_TIMEOUT_MS },
      (_error, stdout) => resolve(stdout),
    );
  });
}

/** One printable line for each advisory, by its GHSA id. */
function advisoriesById({ vulnerabilities }: z.output<typeof AuditReport>): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [packageName, { via }] of Object.entries(vulnerabilities)) {
    for (const advisory of via) {
      // A string names another vulnerable package, which has its own entry.
      if (typeof advisory === "string") continue;
      const id = advisory.url.split("/").at(-1) ?? advisory.url;
      lines.set(id, `${packageName}, ${id} (${advisory.severity}): ${advisory.title}`);
    }
  }
  return lines;
}

function readReport(output: string): z.output<typeof AuditReport> | undefined {
  try {
    return AuditReport.safeParse(JSON.parse(output)).data;
  } catch {
    // No JSON: the request failed.
    return undefined;
  }
}

process.exitCode = await audit();
