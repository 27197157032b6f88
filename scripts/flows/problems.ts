import { type Flow, type Node, outputsOf, settingsOf, SETTINGS_NODE, STICKY_NOTE } from "./flow.ts";

/** What the pinned n8n knows of a type: node-types.json, which `npm run flows:types` writes. */
export type NodeType = {
  version: number;
  isTrigger: boolean;
  /** Names of its settings in that version. */
  parameters: string[];
};
export type NodeTypes = { n8n: string; types: Record<string, NodeType> };

/** Spanish sentences: all that would not work, or would tell a stranger what is none of their business. */
export function problemsOf(flow: Flow, { n8n, types }: NodeTypes): string[] {
  const working = flow.nodes.filter(({ type }) => type !== STICKY_NOTE);
  return [
    ...sameNames(flow),
    ...working.flatMap((node) => typeProblems(node, n8n, types)),
    ...connectionProblems(flow, working, types),
    ...working.flatMap((node) => nodeProblems(node, flow)),
    ...secretProblems(flow),
    ...addressProblems(flow),
    ...(flow.nodes.length === working.length ? ["No tiene ninguna nota que lo explique."] : []),
  ];
}

function sameNames({ nodes }: Flow): string[] {
  return (["id", "name"] as const).flatMap((key) => {
    const seen = new Set<string>();
    return nodes
      .filter((node) => seen.size === seen.add(node[key]).size)
      .map((node) => `Dos pasos con el mismo ${key === "id" ? "id" : "nombre"}: «${node[key]}».`);
  });
}

function typeProblems(node: Node, n8n: string, types: NodeTypes["types"]): string[] {
  const type = types[node.type];
  if (!type) {
    return [
      `«${node.name}»: n8n ${n8n} no tiene el tipo ${node.type}, o la tabla no lo tiene todavía (npm run flows:types).`,
    ];
  }
  const unknown = Object.keys(node.parameters).filter((name) => !type.parameters.includes(name));
  return [
    ...(type.version === node.typeVersion
      ? []
      : [
          `«${node.name}»: la versión más nueva de ${node.type} es ${type.version}, no ${node.typeVersion}.`,
        ]),
    ...unknown.map((name) => `«${node.name}»: ${node.type} no tiene el ajuste «${name}».`),
  ];
}

function connectionProblems(flow: Flow, working: Node[], types: NodeTypes["types"]): string[] {
  const names = new Set(working.map(({ name }) => name));
  const targetsOf = (name: string): string[] =>
    (flow.connections[name]?.main ?? []).flat().map(({ node }) => node);
  const unknown = [
    ...Object.keys(flow.connections),
    ...Object.keys(flow.connections).flatMap(targetsOf),
  ].filter((name) => !names.has(name));

  const reached = new Set<string>();
  const toVisit = working.filter(({ type }) => types[type]?.isTrigger).map(({ name }) => name);
  for (let name = toVisit.pop(); name !== undefined; name = toVisit.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    toVisit.push(...targetsOf(name));
  }
  return [
    ...[...new Set(unknown)].map((name) => `Una conexión nombra «${name}», que no existe.`),
    ...[...names]
      .filter((name) => !reached.has(name))
      .map((name) => `A «${name}» no se llega desde ningún disparador.`),
    ...working
      .filter((node) => node.onError === "continueErrorOutput")
      .filter((node) => !flow.connections[node.name]?.main[outputsOf(node) - 1]?.length)
      .map(({ name }) => `«${name}»: su salida de error no va a ninguna parte.`),
    ...working
      .filter((node) => (flow.connections[node.name]?.main.length ?? 0) > outputsOf(node))
      .map((node) => `«${node.name}»: sale por más salidas de las que tiene (${outputsOf(node)}).`),
  ];
}

/** Types that cannot work without a credential. */
const WITH_CREDENTIALS =
  /\.(?:telegram|telegramTrigger|gmail|gmailTrigger|googleSheets|emailSend|httpRequest|n8n)$/;

function nodeProblems(node: Node, flow: Flow): string[] {
  const say = (problem: string): string => `«${node.name}»: ${problem}`;
  const problems: string[] = [];
  if (WITH_CREDENTIALS.test(node.type) && !node.credentials)
    problems.push(say("le falta la credencial."));
  if (/\.(?:webhook|telegramTrigger)$/.test(node.type) && !node.webhookId) {
    problems.push(say("le falta webhookId."));
  }
  if (node.type.endsWith(".webhook")) problems.push(...webhookProblems(node).map(say));
  if (node.type.endsWith(".httpRequest")) problems.push(...httpProblems(node).map(say));
  if (node.type.endsWith(".telegram")) problems.push(...telegramProblems(node).map(say));
  const isErrorFlow = flow.nodes.some(({ type }) => type.endsWith(".errorTrigger"));
  if (!isErrorFlow && /\.error\b/.test(JSON.stringify(node.parameters))) {
    problems.push(say("usa el error de n8n, que lleva dentro la cabecera con la clave."));
  }
  if (!node.type.endsWith(".code") && tellsWholeItems(node)) {
    problems.push(
      say("pasa el elemento entero, con el error de n8n si lo hay: nombra sus campos."),
    );
  }
  return problems;
}

function webhookProblems({ parameters }: Node): string[] {
  return [
    ...(parameters["authentication"] === "headerAuth"
      ? []
      : ["cualquiera podría usarlo: falta authentication: headerAuth."]),
    ...(parameters["responseMode"] === "responseNode"
      ? []
      : ["respondería con lo último que pasó, error incluido: falta responseMode: responseNode."]),
  ];
}

/** `$json`, `$input.item`… without one of its fields behind it, or an answer made of all that came in. */
function tellsWholeItems({ type, parameters }: Node): boolean {
  const written = JSON.stringify(parameters);
  const isWhole = /\$json(?![\w.?[])|\$input\b(?!\.(?:first\(\)|item)\.json[.?[])/.test(written);
  return isWhole || (type.endsWith(".respondToWebhook") && parameters["respondWith"] !== "json");
}

type HttpParameters = {
  method?: string;
  genericAuthType?: string;
  options?: {
    response?: { response?: { responseFormat?: string; neverError?: boolean } };
    timeout?: number;
  };
};

function httpProblems(node: Node): string[] {
  const { genericAuthType, options, method } = node.parameters as HttpParameters;
  const { responseFormat, neverError } = options?.response?.response ?? {};
  return [
    ...(genericAuthType === "httpHeaderAuth"
      ? []
      : ["la clave va en una credencial httpHeaderAuth."]),
    ...(responseFormat === "json" || responseFormat === "file"
      ? []
      : ["falta responseFormat: n8n adivina mal las letras con acento."]),
    ...(node.onError === "continueErrorOutput"
      ? []
      : ["un fallo dejaría a la persona sin respuesta."]),
    ...(options?.timeout === undefined
      ? ["sin timeout, n8n corta a los 10 segundos o a ninguno."]
      : []),
    // n8n retries refusals as well, unless they are answers to it.
    ...(node.retryOnFail && !neverError && method !== "GET"
      ? ["repetiría también lo que el asistente rechaza: falta neverError."]
      : []),
  ];
}

type TelegramParameters = {
  resource?: string;
  operation?: string;
  additionalFields?: { appendAttribution?: boolean; parse_mode?: string };
};

function telegramProblems(node: Node): string[] {
  const {
    resource = "message",
    operation = "sendMessage",
    additionalFields,
  } = node.parameters as TelegramParameters;
  if (resource !== "message" || operation !== "sendMessage") return [];
  return [
    ...(additionalFields?.appendAttribution === false ? [] : ["añadiría publicidad de n8n."]),
    ...(additionalFields?.parse_mode === "HTML"
      ? []
      : ["sin parse_mode HTML, Telegram rechaza los textos con _ o *."]),
  ];
}

const SECRETS = [
  /\b\d{8,10}:[\w-]{30,}/,
  /\bsk-[\w-]{16,}/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}/,
  /\bGOCSPX-[\w-]{10,}/,
  /(?<![\w-])[a-f0-9]{32,}(?![\w-])/i,
  /"(?:x-api-key|authorization)","value":"[^"={]/i,
];

function secretProblems(flow: Flow): string[] {
  return flow.nodes
    .filter(({ parameters }) => SECRETS.some((secret) => secret.test(JSON.stringify(parameters))))
    .map(({ name }) => `«${name}» lleva lo que parece una clave escrita.`);
}

function addressProblems(flow: Flow): string[] {
  const calls = flow.nodes.filter(({ type }) => type.endsWith(".httpRequest"));
  if (calls.length === 0) return [];
  const isSet = settingsOf(flow).some(({ name }) => name === "api_url");
  return [
    ...(isSet ? [] : [`La dirección del asistente (api_url) no está en «${SETTINGS_NODE}».`]),
    ...calls
      .filter(({ parameters }) => /https?:\/\//.test(String(parameters["url"])))
      .map(({ name }) => `«${name}» lleva una dirección escrita: va en «${SETTINGS_NODE}».`),
  ];
}

/** Across flows: ids are their own, and errors go to a flow that is there. */
export function problemsTogether(flows: Flow[]): string[] {
  const ids = flows.map(({ id }) => id);
  const listeners = flows.filter(({ nodes }) =>
    nodes.some(({ type }) => type.endsWith(".errorTrigger")),
  );
  return [
    ...ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => `Dos flujos con el id ${id}.`),
    ...flows
      .filter((flow) => !listeners.includes(flow))
      .filter(({ settings }) => !listeners.some(({ id }) => id === settings.errorWorkflow))
      .map(({ name }) => `«${name}»: nadie se entera si falla (settings.errorWorkflow).`),
  ];
}
