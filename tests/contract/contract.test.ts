import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeOpenAi, type FakeOpenAi } from "../support/fake-openai.ts";
import { startWorker } from "../support/running-worker.ts";
import { installTool } from "../support/install-tool.ts";
import {
  toSpecmaticDocument,
  countSpecmaticTests,
  type Document,
  type Operation,
} from "./specmatic-document.ts";

const run = promisify(execFile);
const NODE = process.execPath;
const SPECMATIC_TIMEOUT_MS = 480_000;

let tools: string;
let folder: string;
let model: FakeOpenAi;
let worker: Awaited<ReturnType<typeof startWorker>>;
let document: Document;
let documentFile: string;

beforeAll(async () => {
  await requireJava();
  tools = await installTool({
    name: "openapi",
    manifestFolder: join(import.meta.dirname, "runtime"),
    size: "150 MB, un minuto",
  });
  folder = mkdtempSync(join(tmpdir(), "asistente-contrato-"));
  model = await startFakeOpenAi();
  worker = await startWorker(model.url);
  const response = await fetch(`${worker.address}/openapi.json`);
  document = await response.json();
  documentFile = join(folder, "openapi.json");
  writeFileSync(documentFile, JSON.stringify(document));
});

afterAll(async () => {
  await worker?.remove();
  await model?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

describe("the OpenAPI document", () => {
  it("passes redocly lint with the recommended rules", async () => {
    const { stdout } = await run(
      NODE,
      [join(tools, "node_modules/@redocly/cli/bin/cli.js"), "lint", documentFile, "--format=json"],
      {
        cwd: folder,
        env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
      },
    );
    const { totals, problems } = JSON.parse(stdout) as {
      totals: { errors: number };
      problems: { ruleId: string; location: { pointer: string }[] }[];
    };
    expect(totals.errors).toBe(0);
    // A public operation without input has no 4xx response.
    const without4xx = operations()
      .filter(({ operation }) => isPublic(operation) && !hasInput(operation))
      .map(({ path, method }) => `#/paths/${path.replaceAll("/", "~1")}/${method}/responses`);
    const warnings = problems.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`);
    const allowed = without4xx.map((pointer) => `operation-4xx-response ${pointer}`);
    expect(warnings.filter((warning) => !allowed.includes(warning))).toEqual([]);
  });

  it("gives an example of each JSON body, which the Worker accepts", async () => {
    const bodies = operations().flatMap(({ path, method, operation }) =>
      Object.entries(operation.requestBody?.content ?? {})
        .filter(([kind]) => kind === "application/json")
        .map(([, { schema }]) => ({ path, method, example: schema["example"] })),
    );
    expect(bodies.length).toBeGreaterThanOrEqual(4);
    for (const { path, method, example } of bodies) {
      const response = await fetch(`${worker.address}${path}`, {
        method: method.toUpperCase(),
        headers: { "x-api-key": worker.key, "content-type": "application/json" },
        body: JSON.stringify(example),
      });
      // The resource of a path parameter does not exist.
      const expected = path.includes("{") ? [200, 201, 202, 404] : [200, 201, 202];
      expect(example).toBeDefined();
      expect(expected, `${method} ${path}: ${JSON.stringify(example)}`).toContain(response.status);
    }
  });

  it("matches the Worker, which accepts valid and rejects invalid requests that specmatic generates", async () => {
    // A request without a task needs a mode of its chat.
    await fetch(`${worker.address}/api/v1/estado`, {
      method: "POST",
      headers: { "x-api-key": worker.key, "content-type": "application/json" },
      body: JSON.stringify({ chat_id: 12345, modo: "/resumir", fijo: true }),
    });
    const specification = join(folder, "contrato.json");
    const testedDocument = toSpecmaticDocument(document);
    writeFileSync(specification, JSON.stringify(testedDocument));
    const output = await runSpecmatic(specification);
    const [, tests = "0", successes = "0", failures = "?"] =
      /Tests run: (\d+), Successes: (\d+), Failures: (\d+)/.exec(output) ?? [];
    console.log(`specmatic: ${tests} pruebas, ${successes} bien, ${failures} mal`);
    if (failures !== "0") console.error(firstFailures(output));
    expect(failures).toBe("0");
    expect(successes).toBe(tests);
    // Specmatic silently skips operations whose requests it cannot generate.
    const counts = countSpecmaticTests(output);
    for (const { path, method, operation } of operations(testedDocument)) {
      const name = `${method.toUpperCase()} ${path}`;
      const [allowed, forbidden] = counts.get(name) ?? [0, 0];
      console.log(`  ${name}: ${allowed} como se permite, ${forbidden} como se prohíbe`);
      expect({ name, allowed, forbidden }).toSatisfy(
        () => allowed > 0 && (forbidden > 0 || !hasInput(operation)),
      );
    }
  });

  it("generates a client that compiles and works", async () => {
    const client = join(folder, "client");
    mkdirSync(client);
    cpSync(join(import.meta.dirname, "client/client.ts"), join(client, "client.ts"));
    symlinkSync(join(tools, "node_modules"), join(client, "node_modules"));
    await run(NODE, [
      join(tools, "node_modules/openapi-typescript/bin/cli.js"),
      documentFile,
      ...["--output", join(client, "api.d.ts")],
    ]);
    writeFileSync(join(client, "package.json"), '{"type":"module"}');
    const strict = ["--strict", "--noEmit", "--skipLibCheck", "--allowImportingTsExtensions"];
    const target = ["--module", "nodenext", "--target", "es2024", "--lib", "es2024,dom"];
    const { stdout: compilerOutput } = await run(
      NODE,
      [join(tools, "node_modules/typescript/bin/tsc"), ...strict, ...target, "client.ts"],
      { cwd: client },
    ).catch((error: { stdout: string }) => error);
    expect(compilerOutput).toBe("");
    const { stdout } = await run(NODE, ["client.ts", worker.address, worker.key], { cwd: client });
    expect(JSON.parse(stdout)).toEqual({
      alive: "ok",
      database: "ok",
      tasks: ["resumir", "traducir", "clasificar", "extraer", "reporte", "generar"],
      mode: "/resumir",
      byMode: "resumir",
      translated: true,
      listed: 1,
      total: 2,
      counted: 1,
      lines: 2,
      erased: 2,
      refused: "no_autenticado",
      invalid: ["tipo_tarea"],
    });
  });
});

type Route = { path: string; method: string; operation: Operation };

function operations({ paths }: Document = document): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

function isPublic({ security }: Operation): boolean {
  return security?.length === 0;
}

function hasInput({ requestBody, parameters = [] }: Operation): boolean {
  return requestBody !== undefined || parameters.length > 0;
}

async function requireJava(): Promise<void> {
  try {
    await run("java", ["-version"]);
  } catch (cause) {
    throw new Error(
      "Hace falta Java 17 o más nuevo para esta prueba (en Debian: apt install openjdk-17-jre-headless).",
      { cause },
    );
  }
}

/** Runs specmatic and returns its output, also when tests fail. */
async function runSpecmatic(specification: string): Promise<string> {
  const jar = join(tools, "node_modules/specmatic/specmatic.jar");
  const args = [
    "-jar",
    jar,
    "test",
    `--testBaseURL=${worker.address}`,
    "--timeout=30",
    specification,
  ];
  const options = {
    cwd: folder,
    timeout: SPECMATIC_TIMEOUT_MS,
    maxBuffer: 512 * 1024 * 1024,
    env: {
      ...process.env,
      // Specmatic reads the key from the variable named after the security scheme.
      clave: worker.key,
      SPECMATIC_GENERATIVE_TESTS: "true",
      // Use the example of a field as its value.
      SCHEMA_EXAMPLE_DEFAULT: "true",
      MAX_TEST_REQUEST_COMBINATIONS: "12",
    },
  };
  return await run("java", args, options).then(
    ({ stdout }) => stdout,
    // Specmatic exits with 1 when a test fails.
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
}

/** Returns the first failed tests of the output. */
function firstFailures(output: string): string {
  return output
    .split("\n--------------------\n")
    .filter((test) => test.includes(" has FAILED"))
    .slice(0, 5)
    .join("\n\n");
}
