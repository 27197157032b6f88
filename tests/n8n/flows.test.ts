import { afterAll, beforeAll, describe, expect, it } from "vitest";
import nodeTypes from "../../scripts/flows/node-types.json" with { type: "json" };
import { flowFiles, readFlow, STICKY_NOTE } from "../../scripts/flows/flow.ts";
import { readNodeTypes } from "../../scripts/flows/node-types.ts";
import { backupSuite } from "./backup.suite.ts";
import { drivenBranches } from "./driven.ts";
import { deliverMail, documentSuite, mailSuite, oldFlowSuite } from "./other.suites.ts";
import { setStage, type Stage } from "./stage.ts";
import { telegramSuite } from "./telegram.suite.ts";
import { weeklySuite } from "./weekly.suite.ts";

let stage: Stage;
let delivery: Promise<void>;
const onStage = (): Stage => stage;

beforeAll(async () => {
  stage = await setStage();
  delivery = deliverMail(stage);
  // Its suite awaits it, after the others.
  delivery.catch(() => undefined);
});

afterAll(async () => {
  await stage?.stop();
});

describe("flows:import", () => {
  it("says which credentials are missing, publishes when none is, and keeps what was set", async () => {
    const [first, second] = stage.imports;
    expect(first).toContain("Credencial «Asistente IA» creada");
    expect(first).toContain("Credencial «API de n8n» creada");
    expect(first).toContain("falta la credencial Gmail (gmailOAuth2)");
    expect(second).toContain("✓ Asistente · Telegram: puesto al día y publicado");
    expect(second).not.toContain("falta");
    const again = await stage.importing(["errores.json"]);
    expect(again).toContain("✓ Asistente · Errores: puesto al día y publicado");
    const workflows = await stage.api.listWorkflows();
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
  ] as const)("says what is wrong with %j %j, and makes nothing", async ([args, env, told]) => {
    const ids = async () => (await stage.api.listWorkflows()).map(({ id }) => id);
    const before = await ids();
    await expect(stage.importing([...args], env)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^✗ .*${RegExp.escape(told)}`, "m")) as string,
    });
    expect(await ids()).toEqual(before);
  });
});

describe("flows:check", () => {
  it("knows what the pinned n8n knows", () => {
    expect(readNodeTypes(stage.installed)).toEqual(nodeTypes);
  });
});

telegramSuite(onStage);
documentSuite(onStage);
mailSuite(onStage, async () => await delivery);
weeklySuite(onStage);
oldFlowSuite(onStage);
backupSuite(onStage);

describe("every branch", () => {
  it("was driven, and what was sent is told", async () => {
    const missed: string[] = [];
    for (const file of flowFiles()) {
      const flow = readFlow(file);
      const driven = await drivenBranches(stage, flow);
      console.log(
        `\n${flow.name}: ${flow.nodes.filter(({ type }) => type !== STICKY_NOTE).length} pasos`,
      );
      for (const { branch, times } of driven) {
        console.log(`  ${times > 0 ? "✓" : "✗"} ${branch} (${times})`);
        if (times === 0) missed.push(`${flow.name}: ${branch}`);
      }
    }
    const { telegram, mail, google } = stage;
    console.log(`\nTelegram recibió ${telegram.sent.length} llamadas:`);
    for (const { method, chat_id: chat, text = "" } of telegram.sent) {
      console.log(`  ${method} ${chat ?? ""} ${inBrief(text)}`);
    }
    console.log(`\nPor correo llegaron ${mail.received.length}:`);
    for (const { to, subject, text } of mail.received) {
      console.log(`  ${to}: ${inBrief(subject)}: ${inBrief(text)}`);
    }
    console.log(`\nLa hoja tiene ${google.rows.length} filas:`);
    for (const row of google.rows) console.log(`  ${row.map(inBrief).join(" | ")}`);
    console.log(`\nGmail tiene las etiquetas ${google.labels.map(({ name }) => name).join(", ")}`);
    expect(missed).toEqual([]);
    const told = JSON.stringify([telegram.sent, mail.received, google.rows]);
    expect(told).not.toContain(stage.worker.key);
  });
});

function inBrief(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100).toWellFormed()}…` : line;
}
