import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./lib/root.ts";

const LIMIT_MS = 60_000;
const EXPLAINED_IN = "docs/amenazas.md";

const Advisory = z.object({ title: z.string(), url: z.string(), severity: z.string() });
const Report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({ via: z.array(z.union([z.string(), Advisory])) }),
  ),
});

/**
 * `npm run audit`: known holes in what the project is made of, tools included. Fails for one that the threat model does
 * not explain by its number (GHSA-…). Where the registry has no such service, it says so and fails nobody.
 */
async function audit(): Promise<number> {
  const output = await new Promise<string>((resolve) => {
    // npm ends with 1 when it found something, and when it could not ask: its report tells which.
    execFile("npm", ["audit", "--json"], { cwd: ROOT, timeout: LIMIT_MS }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const report = readReport(output);
  if (!report) {
    console.log("El registro de paquetes no responde a «npm audit»: no se ha comprobado nada.");
    return 0;
  }

  const explained = readFileSync(join(ROOT, EXPLAINED_IN), "utf8");
  const found = new Map<string, string>();
  for (const [name, { via }] of Object.entries(report.vulnerabilities)) {
    for (const advisory of via) {
      if (typeof advisory === "string") continue;
      const id = advisory.url.split("/").at(-1) ?? advisory.url;
      found.set(id, `${name}, ${id} (${advisory.severity}): ${advisory.title}`);
    }
  }
  const unexplained = [...found].filter(([id]) => !explained.includes(id));
  for (const [, line] of unexplained) console.error(`✗ ${line}`);
  if (unexplained.length > 0) {
    console.error(`Actualiza el paquete, o explica en ${EXPLAINED_IN} por qué no nos afecta.`);
    return 1;
  }
  console.log(`✓ ${found.size} avisos, todos explicados en ${EXPLAINED_IN}`);
  return 0;
}

function readReport(output: string): z.output<typeof Report> | undefined {
  try {
    return Report.safeParse(JSON.parse(output)).data;
  } catch {
    // npm printed no JSON: it could not ask.
    return undefined;
  }
}

process.exitCode = await audit();
