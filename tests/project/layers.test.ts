import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "../..");
const Report = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
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

describe("the lint rules for imports", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "asistente-layers-"));
    cpSync(join(ROOT, "oxlint.config.ts"), join(folder, "oxlint.config.ts"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Lints a src/ that holds only these files, and returns what is reported as "rule file". */
  async function lint(files: Record<string, string>): Promise<string[]> {
    rmSync(join(folder, "src"), { recursive: true, force: true });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const args = [join(folder, "node_modules/.bin/oxlint"), "-f", "json", "src"];
    // oxlint exits with 1 when it reports something. The report is on stdout either way.
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    return Report.parse(JSON.parse(stdout)).diagnostics.map(
      ({ code, filename }) => `${code} ${filename}`,
    );
  }

  it.for(FORBIDDEN)("forbid that %s imports %s", async ([file, imported]) => {
    expect(await lint({ [file]: `import "${imported}";\n` })).toContain(`${RESTRICTED} ${file}`);
  });

  it.for(ALLOWED)("allow that %s imports %s", async ([file, imported]) => {
    const found = await lint({ [file]: `import "${imported}";\n` });
    expect(found.filter((entry) => entry.startsWith(RESTRICTED))).toEqual([]);
  });

  it.for(["import", "import type"])("forbid a cycle of two files by %s", async (keyword) => {
    const found = await lint({
      "src/lib/a.ts": `${keyword} { B } from "./b.ts";\nexport type A = B;\n`,
      "src/lib/b.ts": `${keyword} { A } from "./a.ts";\nexport type B = A;\n`,
    });
    expect(found).toContain("import(no-cycle) src/lib/a.ts");
  });
});
