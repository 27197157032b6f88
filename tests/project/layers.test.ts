import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const Report = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.int() }) })),
    }),
  ),
});

type Import = [file: string, imported: string];

const RESTRICTED = "eslint(no-restricted-imports)";

const FORBIDDEN: Import[] = [
  ["src/text/words.ts", "../tasks/work.ts"],
  ["src/text/deep/words.ts", "../../engine/classify.ts"],
  ["src/tasks/work.ts", "../history/history-store.ts"],
  ["src/history/history-store.ts", "../services.ts"],
  ["src/jobs/job.ts", "./registry/registry.ts"],
  ["src/alerts/alerts.job.ts", "../jobs/registry/registry.ts"],
  ["src/services.ts", "./app.ts"],
  ["src/unlisted/new.ts", "../lib/log.ts"],
  ["src/tasks/types/resumir.ts", "../../llm/llm.ts"],
  ["src/tasks/checks/layout.ts", "../../config.ts"],
  ["src/questions/reader/typos.ts", "../../history/history-store.ts"],
  ["src/tasks/work.ts", "openai"],
  ["src/tasks/work.ts", "drizzle-orm"],
  ["src/engine/classify.ts", "cloudflare:workers"],
  ["src/config.ts", "./tasks/work.ts"],
  ["src/tasks/tasks.config.ts", "./work.ts"],
];

const ALLOWED: Import[] = [
  ["src/tasks/work.ts", "../llm/llm.ts"],
  ["src/history/history-store.ts", "drizzle-orm"],
  ["src/history/history.table.ts", "drizzle-orm/pg-core"],
  ["src/llm/llm.ts", "openai"],
  ["src/config.ts", "./tasks/tasks.config.ts"],
  ["src/jobs/registry/registry.ts", "../../alerts/alerts.job.ts"],
  ["src/text/words.test.ts", "../tasks/work.ts"],
  ["src/index.ts", "./app.ts"],
];

const CYCLES = ["import", "import type"];
/** The two files that import each other with this keyword. */
const cycleFiles = (keyword: string): [one: string, other: string] => {
  const folder = `src/lib/${keyword.replace(" ", "-")}`;
  return [`${folder}/a.ts`, `${folder}/b.ts`];
};

/** Every file of the cases, with all that it imports: oxlint starts slowly, so it checks all of them in one run. */
function caseFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [file, imported] of [...FORBIDDEN, ...ALLOWED]) {
    files.set(file, `${files.get(file) ?? ""}import "${imported}";\n`);
  }
  for (const keyword of CYCLES) {
    const [one, other] = cycleFiles(keyword);
    files.set(one, `${keyword} { B } from "./b.ts";\nexport type A = B;\n`);
    files.set(other, `${keyword} { A } from "./a.ts";\nexport type B = A;\n`);
  }
  return files;
}

/** Lints a src/ that holds only these files. Returns what is reported as "rule file: line of code". */
async function lint(files: ReadonlyMap<string, string>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "asistente-layers-"));
  try {
    cpSync(join(ROOT, "oxlint.config.ts"), join(folder, "oxlint.config.ts"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const args = [join(folder, "node_modules/.bin/oxlint"), "-f", "json", "src"];
    // oxlint exits with 1 when it reports something. The report is on stdout either way.
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    return Report.parse(JSON.parse(stdout)).diagnostics.flatMap(({ code, filename, labels }) =>
      labels.map(({ span }) => {
        const line = files.get(filename)?.split("\n")[span.line - 1];
        return `${code} ${filename}: ${line}`;
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the lint rules for imports", () => {
  let reported: string[];
  beforeAll(async () => {
    reported = await lint(caseFiles());
  });

  const restricted = ([file, imported]: Import): string =>
    `${RESTRICTED} ${file}: import "${imported}";`;

  it.for(FORBIDDEN)("forbid that %s imports %s", (forbidden) => {
    expect(reported).toContain(restricted(forbidden));
  });

  it.for(ALLOWED)("allow that %s imports %s", (allowed) => {
    expect(reported).not.toContain(restricted(allowed));
  });

  it.for(CYCLES)("forbid a cycle of two files by %s", (keyword) => {
    const [file] = cycleFiles(keyword);
    expect(reported.join("\n")).toContain(`import(no-cycle) ${file}: `);
  });
});
