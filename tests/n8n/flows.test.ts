import { afterAll, beforeAll, describe, expect, it } from "vitest";
import nodeTypes from "../../scripts/flows/node-types.json" with { type: "json" };
import { flowFiles, readFlow, STICKY_NOTE } from "../../scripts/flows/flow.ts";
import { readNodeTypes } from "../../scripts/flows/node-types.ts";
import { backupSuite } from "./backup.suite.ts";
import { countBranchRuns } from "./branch-coverage.ts";
import { documentSuite } from "./document.suite.ts";
import { mailTriageSuite, runMailTriage } from "./mail-triage.suite.ts";
import { previousBackendSuite } from "./previous-backend.suite.ts";
import { startEnvironment, type Environment } from "./environment.ts";
import { telegramSuite } from "./telegram.suite.ts";
import { weeklyReportSuite } from "./weekly-report.suite.ts";

let environment: Environment;
let mailTriage: Promise<void>;
const getEnvironment = (): Environment => environment;

beforeAll(async () => {
  environment = await startEnvironment();
  mailTriage = runMailTriage(environment);
  // The mail suite awaits it, after the other suites.
  mailTriage.catch(() => undefined);
});

afterAll(async () => {
  await environment?.stop();
});

describe("flows:import", () => {
  it("names missing credentials, publishes when none is missing, and keeps the settings", async () => {
    const [first, second] = environment.importOutputs;
    expect(first).toContain("Credencial «Asistente IA» creada");
    expect(first).toContain("Credencial «API de n8n» creada");
    expect(first).toContain("falta la credencial Gmail (gmailOAuth2)");
    expect(second).toContain("✓ Asistente · Telegram: puesto al día y publicado");
    expect(second).not.toContain("falta");
    const again = await environment.runFlowsImport(["errores.json"]);
    expect(again).toContain("✓ Asistente · Errores: puesto al día y publicado");
    const workflows = await environment.api.listWorkflows();
    expect(workflows.filter(({ name }) => name === "Asistente · Errores")).toHaveLength(1);
    expect(
      JSON.stringify(workflows.find(({ name }) => name === "Asistente · Errores")?.nodes),
    ).toContain('"600"');
  });

  it.for([
    [
      ["noexiste.json", "errores.json"],
      {},
      "No hay ningún flujo que se llame noexiste.json. Hay: ",
    ],
    [["--ajuste", "nada=1"], {}, "Ningún flujo tiene el ajuste «nada»"],
    [["--ajuste", "api_url"], {}, "--ajuste se escribe nombre=valor"],
    [["--otra"], {}, "--otra"],
    [[], { N8N_API_KEY: "" }, "Falta N8N_API_KEY"],
    [[], { N8N_API_KEY: "otra" }, "n8n no acepta la clave"],
    [[], { N8N_URL: "http://127.0.0.1:1" }, "n8n no responde en http://127.0.0.1:1"],
    [[], { N8N_URL: "n8n.example.com" }, "n8n no responde en n8n.example.com"],
  ] as const)(
    "reports the error of the arguments %j and the environment %j, and creates no flow",
    async ([args, env, message]) => {
      const ids = async () => (await environment.api.listWorkflows()).map(({ id }) => id);
      const before = await ids();
      await expect(environment.runFlowsImport([...args], env)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(new RegExp(`^✗ .*${RegExp.escape(message)}`, "m")) as string,
      });
      expect(await ids()).toEqual(before);
    },
  );
});

describe("flows:check", () => {
  it("has the node types of the pinned n8n in node-types.json", () => {
    expect(readNodeTypes(environment.installed)).toEqual(nodeTypes);
  });
});

telegramSuite(getEnvironment);
documentSuite(getEnvironment);
mailTriageSuite(getEnvironment, async () => await mailTriage);
weeklyReportSuite(getEnvironment);
previousBackendSuite(getEnvironment);
backupSuite(getEnvironment);

describe("the branches of every flow", () => {
  it("are all executed by this suite, which never sends the API key to another service", async () => {
    const missed: string[] = [];
    for (const file of flowFiles()) {
      const flow = readFlow(file);
      const branches = await countBranchRuns(environment, flow);
      console.log(
        `\n${flow.name}: ${flow.nodes.filter(({ type }) => type !== STICKY_NOTE).length} pasos`,
      );
      for (const { branch, runs } of branches) {
        console.log(`  ${runs > 0 ? "✓" : "✗"} ${branch} (${runs})`);
        if (runs === 0) missed.push(`${flow.name}: ${branch}`);
      }
    }
    const { telegram, mail, google } = environment;
    console.log(`\nTelegram recibió ${telegram.sent.length} llamadas:`);
    for (const { method, chat_id: chat, text = "" } of telegram.sent) {
      console.log(`  ${method} ${chat ?? ""} ${abbreviate(text)}`);
    }
    console.log(`\nPor correo llegaron ${mail.received.length}:`);
    for (const { to, subject, text } of mail.received) {
      console.log(`  ${to}: ${abbreviate(subject)}: ${abbreviate(text)}`);
    }
    console.log(`\nLa hoja tiene ${google.rows.length} filas:`);
    for (const row of google.rows) console.log(`  ${row.map(abbreviate).join(" | ")}`);
    console.log(`\nGmail tiene las etiquetas ${google.labels.map(({ name }) => name).join(", ")}`);
    expect(missed).toEqual([]);
    const sent = JSON.stringify([telegram.sent, mail.received, google.rows]);
    expect(sent).not.toContain(environment.worker.key);
  });
});

function abbreviate(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100).toWellFormed()}…` : line;
}
