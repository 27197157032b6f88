import { type Flow, isErrorFlow, type Node } from "./flow.ts";

/** Types that always need a credential. */
const CREDENTIAL_TYPES =
  /\.(?:telegram|telegramTrigger|gmail|gmailTrigger|googleSheets|emailSend|httpRequest|n8n)$/;
const WEBHOOK_TYPES = /\.(?:webhook|telegramTrigger)$/;

/** Problems of the parameters of one step. */
export function stepProblems(step: Node, flow: Flow): string[] {
  const isType = (type: string): boolean => step.type.endsWith(`.${type}`);
  return [
    ...problemIf(CREDENTIAL_TYPES.test(step.type) && !step.credentials, "le falta la credencial."),
    ...problemIf(WEBHOOK_TYPES.test(step.type) && !step.webhookId, "le falta webhookId."),
    ...(isType("webhook") ? webhookProblems(step) : []),
    ...(isType("httpRequest") ? httpProblems(step) : []),
    ...(isType("telegram") ? telegramProblems(step) : []),
    ...problemIf(
      !isErrorFlow(flow) && /\.error\b/.test(JSON.stringify(step.parameters)),
      "usa el error de n8n, que lleva dentro la cabecera con la clave.",
    ),
    ...problemIf(
      !isType("code") && passesWholeItem(step),
      "pasa el elemento entero, con el error de n8n si lo hay: nombra sus campos.",
    ),
  ].map((problem) => `«${step.name}»: ${problem}`);
}

function problemIf(isProblem: boolean, description: string): string[] {
  return isProblem ? [description] : [];
}

function webhookProblems({ parameters }: Node): string[] {
  return [
    ...problemIf(
      parameters["authentication"] !== "headerAuth",
      "cualquiera podría usarlo: falta authentication: headerAuth.",
    ),
    ...problemIf(
      parameters["responseMode"] !== "responseNode",
      "respondería con lo último que pasó, error incluido: falta responseMode: responseNode.",
    ),
  ];
}

/** An expression with `$json` or `$input.item` without a field after it, or a webhook response that is not a JSON text. */
function passesWholeItem({ type, parameters }: Node): boolean {
  const hasWholeItem = /\$json(?![\w.?[])|\$input\b(?!\.(?:first\(\)|item)\.json[.?[])/.test(
    JSON.stringify(parameters),
  );
  return (
    hasWholeItem || (type.endsWith(".respondToWebhook") && parameters["respondWith"] !== "json")
  );
}

type HttpParameters = {
  method?: string;
  genericAuthType?: string;
  options?: {
    response?: { response?: { responseFormat?: string; neverError?: boolean } };
    timeout?: number;
  };
};

function httpProblems(step: Node): string[] {
  const { genericAuthType, options, method } = step.parameters as HttpParameters;
  const { responseFormat, neverError } = options?.response?.response ?? {};
  return [
    ...problemIf(
      genericAuthType !== "httpHeaderAuth",
      "la clave va en una credencial httpHeaderAuth.",
    ),
    ...problemIf(
      responseFormat !== "json" && responseFormat !== "file",
      "falta responseFormat: n8n adivina mal las letras con acento.",
    ),
    ...problemIf(
      step.onError !== "continueErrorOutput",
      "un fallo dejaría a la persona sin respuesta.",
    ),
    ...problemIf(
      options?.timeout === undefined,
      "sin timeout, n8n corta a los 10 segundos o a ninguno.",
    ),
    // n8n retries after any HTTP error. With neverError a rejection is a normal response and is not retried.
    ...problemIf(
      step.retryOnFail === true && !neverError && method !== "GET",
      "repetiría también lo que el asistente rechaza: falta neverError.",
    ),
  ];
}

type TelegramParameters = {
  resource?: string;
  operation?: string;
  additionalFields?: { appendAttribution?: boolean; parse_mode?: string };
};

function telegramProblems(step: Node): string[] {
  const {
    resource = "message",
    operation = "sendMessage",
    additionalFields,
  } = step.parameters as TelegramParameters;
  if (resource !== "message" || operation !== "sendMessage") return [];
  return [
    ...problemIf(additionalFields?.appendAttribution !== false, "añadiría publicidad de n8n."),
    ...problemIf(
      additionalFields?.parse_mode !== "HTML",
      "sin parse_mode HTML, Telegram rechaza los textos con _ o *.",
    ),
  ];
}
