import { afterAll, beforeAll, describe, expect, it } from "vitest";
import nodeTypes from "../../scripts/flows/node-types.json" with { type: "json" };
import { flowFiles, readFlow, STICKY_NOTE } from "../../scripts/flows/flow.ts";
import { readNodeTypes } from "../../scripts/flows/types.ts";
import { drivenBranches } from "./driven.ts";
import { deliverMail, documentSuite, mailSuite, oldFlowSuite } from "./other.suites.ts";
import { setStage, type Stage } from "./stage.ts";
import { telegramSuite } from "./telegram.suite.ts";

let stage: Stage;
const onStage = (): Stage => stage;

beforeAll(async () => {
  stage = await setStage();
  await deliverMail(stage);
});

afterAll(async () => {
  await stage?.stop();
});

describe("flows:import", () => {
  it("says which credentials are missing, publishes when none is, and keeps what was set", async () => {
    const [first, second] = stage.imports;
    expect(first).toContain("Credencial «Asistente IA» creada");
    expect(first).toContain("falta la credencial Gmail (gmailOAuth2)");
    expect(second).toContain("✓ Asistente · Telegram: puesto al día y publicado");
    expect(second).not.toContain("falta");
    const again = await stage.importing("errores.json");
    expect(again).toContain("✓ Asistente · Errores: puesto al día");
    const workflows = await stage.api.workflows();
    expect(workflows.filter(({ name }) => name === "Asistente · Errores")).toHaveLength(1);
    expect(
      JSON.stringify(workflows.find(({ name }) => name === "Asistente · Errores")?.nodes),
    ).toContain('"600"');
  });
});

describe("flows:check", () => {
  it("knows what the pinned n8n knows", () => {
    expect(readNodeTypes(stage.installed)).toEqual(nodeTypes);
  });
});

telegramSuite(onStage);
documentSuite(onStage);
mailSuite(onStage);
oldFlowSuite(onStage);

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
    for (const [method, count] of Object.entries(
      countBy(telegram.sent.map((sent) => sent.method)),
    )) {
      console.log(`  ${method}: ${count}`);
    }
    console.log(
      `Correo: ${mail.received.map(({ to, subject }) => `${to}: ${subject}`).join("; ")}`,
    );
    console.log(
      `Hoja: ${google.rows.length - 1} filas; etiquetas de Gmail: ${google.labels.map(({ name }) => name).join(", ")}`,
    );
    expect(missed).toEqual([]);
    const told = JSON.stringify([telegram.sent, mail.received, google.rows]);
    expect(told).not.toContain(stage.worker.key);
  });
});

function countBy(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
