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
  forSpecmatic,
  triedBySpecmatic,
  type Document,
  type Operation,
} from "./specmatic-document.ts";

const run = promisify(execFile);
const NODE = process.execPath;
const SPECMATIC_LIMIT_MS = 480_000;

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
  it("passes redocly lint with its recommended rules", async () => {
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
    // What answers anybody, without a body or a parameter, has nothing to refuse.
    const refusesNothing = operations()
      .filter(({ operation }) => isOpen(operation) && !takesInput(operation))
      .map(({ path, method }) => `#/paths/${path.replaceAll("/", "~1")}/${method}/responses`);
    const warnings = problems.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`);
    const allowed = refusesNothing.map((pointer) => `operation-4xx-response ${pointer}`);
    expect(warnings.filter((warning) => !allowed.includes(warning))).toEqual([]);
  });

  it("has an example of each body, and it works", async () => {
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
      // What a path names in braces is not there.
      const good = path.includes("{") ? [200, 201, 202, 404] : [200, 201, 202];
      expect(example).toBeDefined();
      expect(good, `${method} ${path}: ${JSON.stringify(example)}`).toContain(response.status);
    }
  });

  it("is what the Worker does, by specmatic: what it allows is taken, what it forbids is refused", async () => {
    // Without a task, its chat's mode decides.
    await fetch(`${worker.address}/api/v1/estado`, {
      method: "POST",
      headers: { "x-api-key": worker.key, "content-type": "application/json" },
      body: JSON.stringify({ chat_id: 12345, modo: "/resumir", fijo: true }),
    });
    const specification = join(folder, "contrato.json");
    const judged = forSpecmatic(document);
    writeFileSync(specification, JSON.stringify(judged));
    const output = await specmatic(specification);
    const [, tests = "0", successes = "0", failures = "?"] =
      /Tests run: (\d+), Successes: (\d+), Failures: (\d+)/.exec(output) ?? [];
    console.log(`specmatic: ${tests} pruebas, ${successes} bien, ${failures} mal`);
    if (failures !== "0") console.error(failed(output));
    expect(failures).toBe("0");
    expect(successes).toBe(tests);
    // It leaves out what it cannot make up, and says nothing of it.
    const tried = triedBySpecmatic(output);
    for (const { path, method, operation } of operations(judged)) {
      const name = `${method.toUpperCase()} ${path}`;
      const [allowed, forbidden] = tried.get(name) ?? [0, 0];
      console.log(`  ${name}: ${allowed} como se permite, ${forbidden} como se prohíbe`);
      expect({ name, allowed, forbidden }).toSatisfy(
        () => allowed > 0 && (forbidden > 0 || !takesInput(operation)),
      );
    }
  });

  it("makes a client that compiles, and works", async () => {
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
    const modern = ["--module", "nodenext", "--target", "es2024", "--lib", "es2024,dom"];
    const { stdout: complaints } = await run(
      NODE,
      [join(tools, "node_modules/typescript/bin/tsc"), ...strict, ...modern, "client.ts"],
      { cwd: client },
    ).catch((error: { stdout: string }) => error);
    expect(complaints).toBe("");
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

function isOpen({ security }: Operation): boolean {
  return security?.length === 0;
}

function takesInput({ requestBody, parameters = [] }: Operation): boolean {
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

/** All that it printed, whatever it made of it. */
async function specmatic(specification: string): Promise<string> {
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
    timeout: SPECMATIC_LIMIT_MS,
    maxBuffer: 512 * 1024 * 1024,
    env: {
      ...process.env,
      // Its name for the header of the security scheme.
      clave: worker.key,
      SPECMATIC_GENERATIVE_TESTS: "true",
      // Values from the document's own examples, where a field has one.
      SCHEMA_EXAMPLE_DEFAULT: "true",
      MAX_TEST_REQUEST_COMBINATIONS: "12",
    },
  };
  return await run("java", args, options).then(
    ({ stdout }) => stdout,
    // It ends with 1 when a test failed.
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
}

/** The first tests that failed, for the message. */
function failed(output: string): string {
  return output
    .split("\n--------------------\n")
    .filter((test) => test.includes(" has FAILED"))
    .slice(0, 5)
    .join("\n\n");
}
