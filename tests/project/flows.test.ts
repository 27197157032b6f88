import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { flowPageFile, renderFlowPage } from "../../scripts/flows/flow-page.ts";
import { Flow, flowFiles, type Node, readFlow } from "../../scripts/flows/flow.ts";
import { importFlows } from "../../scripts/flows/import-flows.ts";
import type { N8nApi } from "../../scripts/flows/n8n-api.ts";
import nodeTypes from "../../scripts/flows/node-types.json" with { type: "json" };
import { findProblems, findCrossFlowProblems } from "../../scripts/flows/problems.ts";

const FILES = flowFiles();
const TELEGRAM = FILES.find((file) => file.endsWith("telegram-asistente.json")) ?? "";

/** The Telegram flow with one of its steps changed. */
function withStep(name: string, change: (node: Node) => void): Flow {
  const flow = readFlow(TELEGRAM);
  const node = flow.nodes.find((one) => one.name === name);
  if (!node) throw new Error(`There is no step ${name}`);
  change(node);
  return flow;
}

const set = (node: Node, path: string[], value: unknown): void => {
  let target = node.parameters;
  for (const key of path.slice(0, -1)) target = (target[key] ??= {}) as Record<string, unknown>;
  target[path.at(-1) ?? ""] = value;
};

describe("the flows of n8n-flows", () => {
  it.for(FILES.map((file) => [basename(file), file] as const))(
    "contains %s without problems, and its page is up to date",
    ([, file]) => {
      const flow = readFlow(file);
      expect(findProblems(flow, nodeTypes)).toEqual([]);
      expect(readFileSync(flowPageFile(file), "utf8")).toBe(renderFlowPage(flow));
    },
  );

  it("have no problems between each other", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(4);
    expect(findCrossFlowProblems(FILES.map(readFlow))).toEqual([]);
  });
});

describe("flows:check", () => {
  it.for<[fault: string, step: string, change: (node: Node) => void, problem: string]>([
    [
      "a type that n8n does not have",
      "Redactar",
      (node) => (node.type = "n8n-nodes-base.codigo"),
      "no tiene el tipo",
    ],
    [
      "an old version",
      "Hacer la tarea",
      (node) => (node.typeVersion = 4.2),
      "la versión más nueva",
    ],
    [
      "a setting that the type does not have",
      "Ayuda",
      (node) => set(node, ["chat"], 1),
      "no tiene el ajuste «chat»",
    ],
    [
      "a step without its credential",
      "Ayuda",
      (node) => delete node.credentials,
      "le falta la credencial",
    ],
    ["a trigger without webhookId", "Telegram", (node) => delete node.webhookId, "webhookId"],
    ["two steps with the same name", "Ayuda", (node) => (node.name = "Solo texto"), "mismo nombre"],
    ["an unreachable step", "Sin repetidos", (node) => (node.name = "Otro"), "no se llega"],
    [
      "a connection to a missing step",
      "Sin repetidos",
      (node) => (node.name = "Otro"),
      "«Sin repetidos», que no existe",
    ],
    [
      "a key in the code",
      "Redactar",
      (node) => set(node, ["jsCode"], "const k = 'sk-abcdefghijklmnopqrst'"),
      "parece una clave",
    ],
    [
      "a bot token",
      "Ayuda",
      (node) => set(node, ["text"], "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"),
      "parece una clave",
    ],
    [
      "a header with its value",
      "Hacer la tarea",
      (node) =>
        set(node, ["headerParameters"], { parameters: [{ name: "x-api-key", value: "secreta" }] }),
      "parece una clave",
    ],
    [
      "a message with an error of n8n",
      "Solo texto",
      (node) => set(node, ["text"], "={{ $json.error.message }}"),
      "lleva dentro la cabecera",
    ],
    [
      "a message with a whole item",
      "Solo texto",
      (node) => set(node, ["text"], "={{ JSON.stringify($json) }}"),
      "pasa el elemento entero",
    ],
    [
      "a message with all input items",
      "Solo texto",
      (node) => set(node, ["text"], "={{ $input.all().length }}"),
      "pasa el elemento entero",
    ],
    [
      "a fixed URL",
      "Borrar",
      (node) => set(node, ["url"], "https://example.com/x"),
      "lleva una dirección escrita",
    ],
    [
      "a missing api_url setting",
      "Ajustes",
      (node) => set(node, ["assignments", "assignments"], []),
      "api_url",
    ],
    [
      "no response format",
      "Consultar",
      (node) => set(node, ["options", "response", "response"], {}),
      "responseFormat",
    ],
    [
      "retries of refused requests",
      "Consultar",
      (node) => set(node, ["options", "response", "response", "neverError"], false),
      "repetiría",
    ],
    [
      "no timeout",
      "Consultar",
      (node) => delete (node.parameters["options"] as { timeout?: number }).timeout,
      "timeout",
    ],
    ["no error output", "Consultar", (node) => delete node.onError, "sin respuesta"],
    [
      "another credential",
      "Consultar",
      (node) => set(node, ["genericAuthType"], "httpQueryAuth"),
      "httpHeaderAuth",
    ],
    [
      "the attribution of n8n in messages",
      "Ayuda",
      (node) => set(node, ["additionalFields", "appendAttribution"], true),
      "publicidad",
    ],
    [
      "Markdown",
      "Ayuda",
      (node) => set(node, ["additionalFields", "parse_mode"], "Markdown"),
      "parse_mode",
    ],
  ])("finds %s", ([, step, change, problem]) => {
    const problems = findProblems(withStep(step, change), nodeTypes);
    expect(problems.join("\n")).toContain(problem);
  });

  it("finds an error output without a connection, a webhook without authentication, and a flow without notes", () => {
    const flow = readFlow(TELEGRAM);
    const [ok] = flow.connections["Consultar"]?.main ?? [];
    flow.connections["Consultar"] = { main: [ok ?? []] };
    expect(findProblems(flow, nodeTypes)).toEqual([
      "«Consultar»: su salida de error no va a ninguna parte.",
    ]);

    const document = readFlow(FILES.find((file) => file.endsWith("documento-webhook.json")) ?? "");
    for (const node of document.nodes) delete node.parameters["authentication"];
    document.nodes = document.nodes.filter(({ type }) => !type.endsWith(".stickyNote"));
    const problems = findProblems(document, nodeTypes).join("\n");
    expect(problems).toContain("cualquiera podría usarlo");
    expect(problems).toContain("ninguna nota");
  });

  it("finds a webhook that responds with the last item or with all input items", () => {
    const document = readFlow(FILES.find((file) => file.endsWith("documento-webhook.json")) ?? "");
    for (const node of document.nodes) {
      if (node.type.endsWith(".webhook")) node.parameters["responseMode"] = "lastNode";
      if (node.name === "Responder") node.parameters["respondWith"] = "allIncomingItems";
    }
    expect(findProblems(document, nodeTypes)).toEqual([
      "«Documento»: respondería con lo último que pasó, error incluido: falta responseMode: responseNode.",
      "«Responder»: pasa el elemento entero, con el error de n8n si lo hay: nombra sus campos.",
    ]);
  });

  it("finds a connection from an output that the step does not have", () => {
    const flow = readFlow(TELEGRAM);
    flow.connections["¿Es un botón?"]?.main.push([], [{ node: "Ayuda", type: "main", index: 0 }]);
    flow.connections["Ayuda"] = { main: [[], [{ node: "Solo texto", type: "main", index: 0 }]] };
    expect(findProblems(flow, nodeTypes)).toEqual([
      "«¿Es un botón?»: sale por más salidas de las que tiene (2).",
      "«Ayuda»: sale por más salidas de las que tiene (1).",
    ]);
  });

  it("finds flows with the same id, and flows without an error workflow", () => {
    const [one, two] = [readFlow(TELEGRAM), readFlow(TELEGRAM)];
    expect(findCrossFlowProblems([one, two])).toEqual([
      "Dos flujos con el id asistenteTelegram.",
      "«Asistente · Telegram»: nadie se entera si falla (settings.errorWorkflow).",
      "«Asistente · Telegram»: nadie se entera si falla (settings.errorWorkflow).",
    ]);
  });

  it.for([
    [
      "a credential id of another n8n",
      (flow: Flow) =>
        Object.assign(flow.nodes[5] ?? {}, {
          credentials: { telegramApi: { id: "x", name: "Bot" } },
        }),
    ],
    ["no id", (flow: Flow) => Object.assign(flow, { id: "" })],
    ["pinned data", (flow: Flow) => Object.assign(flow, { pinData: { Telegram: [] } })],
  ] as const)("refuses a file with %s", ([, change]) => {
    const flow = readFlow(TELEGRAM);
    change(flow);
    expect(Flow.safeParse(flow).success).toBe(false);
  });
});

describe("flows:import", () => {
  it("keeps the settings of the owner, resolves credentials and the error flow, and publishes only complete flows", async () => {
    const calls: [string, string, unknown?][] = [];
    const installed = { ...readFlow(TELEGRAM), active: true };
    const settings = installed.nodes.find(({ name }) => name === "Ajustes");
    set(
      settings as Node,
      ["assignments", "assignments"],
      [{ id: "1", name: "api_url", value: "https://mio.example.com", type: "string" }],
    );
    const api = {
      listCredentials: async () => [
        { id: "c1", name: "Bot de Telegram", type: "telegramApi" },
        { id: "c2", name: "Bot de Telegram", type: "otraCosa" },
      ],
      listWorkflows: async () => [{ ...installed, id: "w1" }],
      createWorkflow: async (flow: Omit<Flow, "id">) => {
        calls.push(["create", flow.name, flow]);
        return { id: "w2", name: flow.name };
      },
      updateWorkflow: async (id: string, flow: Omit<Flow, "id">) => {
        calls.push(["update", id, flow]);
        return { id, name: flow.name };
      },
      publishWorkflow: async (id: string) => void calls.push(["publish", id]),
    } as unknown as N8nApi;

    const files = [TELEGRAM, FILES.find((file) => file.endsWith("errores.json")) ?? ""];
    const imported = await importFlows(api, files.map(readFlow), {
      settings: { chats_permitidos: "12345" },
      publish: true,
    });
    expect(imported).toMatchObject([
      { name: "Asistente · Errores", isNew: true, isPublished: true, missingCredentials: [] },
      {
        name: "Asistente · Telegram",
        isNew: false,
        // It stays published: n8n published it before.
        isPublished: true,
        missingCredentials: ["Asistente IA (httpHeaderAuth)"],
      },
    ]);
    expect(calls.map(([method, target]) => [method, target])).toEqual([
      ["create", "Asistente · Errores"],
      ["publish", "w2"],
      ["update", "w1"],
    ]);
    const sent = calls.at(-1)?.[2] as Flow;
    expect(sent.settings.errorWorkflow).toBe("w2");
    expect(sent).not.toHaveProperty("id");
    const node = (name: string) => sent.nodes.find((one) => one.name === name);
    expect(node("Ayuda")?.credentials).toEqual({
      telegramApi: { id: "c1", name: "Bot de Telegram" },
    });
    expect(node("Ajustes")?.parameters).toMatchObject({
      assignments: {
        assignments: [
          { name: "api_url", value: "https://mio.example.com" },
          { name: "chats_permitidos", value: "12345" },
        ],
      },
    });
  });
});
