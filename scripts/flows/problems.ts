import { connectionProblems } from "./connection-problems.ts";
import {
  type Flow,
  isErrorFlow,
  type Node,
  notesOf,
  SETTINGS_NODE,
  settingsOf,
  stepsOf,
} from "./flow.ts";
import type { NodeTypes } from "./node-types.ts";
import { stepProblems } from "./step-problems.ts";

/** Everything in a flow that would fail in n8n or would leak data. Spanish sentences. */
export function findProblems(flow: Flow, { n8n, types }: NodeTypes): string[] {
  const steps = stepsOf(flow);
  return [
    ...duplicateProblems(flow),
    ...steps.flatMap((step) => typeProblems(step, n8n, types)),
    ...connectionProblems(flow, (type) => types[type]?.isTrigger === true),
    ...steps.flatMap((step) => stepProblems(step, flow)),
    ...secretProblems(flow),
    ...addressProblems(flow),
    ...(notesOf(flow).length === 0 ? ["No tiene ninguna nota que lo explique."] : []),
  ];
}

/** Problems that show only when all flows are seen together. Spanish sentences. */
export function findCrossFlowProblems(flows: readonly Flow[]): string[] {
  const ids = flows.map(({ id }) => id);
  const errorFlowIds = new Set(flows.filter(isErrorFlow).map(({ id }) => id));
  return [
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => `Dos flujos con el id ${id}.`),
    ...flows
      .filter((flow) => !isErrorFlow(flow))
      .filter(({ settings }) => !errorFlowIds.has(settings.errorWorkflow ?? ""))
      .map(({ name }) => `«${name}»: nadie se entera si falla (settings.errorWorkflow).`),
  ];
}

function duplicateProblems({ nodes }: Flow): string[] {
  return (["id", "name"] as const).flatMap((key) => {
    const seen = new Set<string>();
    return nodes
      .filter((node) => seen.size === seen.add(node[key]).size)
      .map((node) => `Dos pasos con el mismo ${key === "id" ? "id" : "nombre"}: «${node[key]}».`);
  });
}

function typeProblems(step: Node, n8n: string, types: NodeTypes["types"]): string[] {
  const type = types[step.type];
  if (!type) {
    return [
      `«${step.name}»: n8n ${n8n} no tiene el tipo ${step.type}, o la tabla no lo tiene todavía (npm run flows:types).`,
    ];
  }
  const isNewest = type.version === step.typeVersion;
  const unknown = Object.keys(step.parameters).filter((name) => !type.parameters.includes(name));
  return [
    ...(isNewest
      ? []
      : [
          `«${step.name}»: la versión más nueva de ${step.type} es ${type.version}, no ${step.typeVersion}.`,
        ]),
    ...unknown.map((name) => `«${step.name}»: ${step.type} no tiene el ajuste «${name}».`),
  ];
}

const SECRETS = [
  // Telegram bot token.
  /\b\d{8,10}:[\w-]{30,}/,
  // API key of a model provider.
  /\bsk-[\w-]{16,}/,
  // JWT.
  /\beyJ[\w-]{10,}\.[\w-]{10,}/,
  // Google client secret.
  /\bGOCSPX-[\w-]{10,}/,
  // Hexadecimal key.
  /(?<![\w-])[a-f0-9]{32,}(?![\w-])/i,
  // Header with a literal value.
  /"(?:x-api-key|authorization)","value":"[^"={]/i,
];

function secretProblems(flow: Flow): string[] {
  return flow.nodes
    .filter(({ parameters }) => SECRETS.some((secret) => secret.test(JSON.stringify(parameters))))
    .map(({ name }) => `«${name}» lleva lo que parece una clave escrita.`);
}

function addressProblems(flow: Flow): string[] {
  const requests = flow.nodes.filter(({ type }) => type.endsWith(".httpRequest"));
  if (requests.length === 0) return [];
  const hasSetting = settingsOf(flow).some(({ name }) => name === "api_url");
  return [
    ...(hasSetting ? [] : [`La dirección del asistente (api_url) no está en «${SETTINGS_NODE}».`]),
    ...requests
      .filter(({ parameters }) => /https?:\/\//.test(String(parameters["url"])))
      .map(({ name }) => `«${name}» lleva una dirección escrita: va en «${SETTINGS_NODE}».`),
  ];
}
