import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text as readText } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import type { Calls, SeenRequest, Step } from "./fake-openai-control.ts";

type JsonSchema = {
  enum?: unknown[];
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
};

type Script = { match: string; steps: Step[]; next: number };
type SeenCall = { text: string; isOpen: boolean; concurrent: number; request: SeenRequest };

export type FakeOpenAi = { url: string; stop: () => Promise<void> };

/**
 * Starts a loopback server with OpenAI's chat completions API. Tests script its answers and failures over HTTP
 * (fake-openai-control.ts), because they run in another process.
 */
export async function startFakeOpenAi(): Promise<FakeOpenAi> {
  const scripts: Script[] = [];
  const seen: SeenCall[] = [];
  const held = new Map<string, (() => void)[]>();

  async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readJson(request)) as SeenRequest;
    if (!(request.headers.authorization ?? "").startsWith("Bearer sk-")) {
      return sendError(response, 401, {
        message: "Incorrect API key provided",
        code: "invalid_api_key",
      });
    }
    const promptText = body.messages.map(({ content }) => content).join("\n");
    const script = scripts.findLast(({ match }) => promptText.includes(match));
    const step: Step = script?.steps[Math.min(script.next++, script.steps.length - 1)] ?? {
      kind: "ok",
    };

    const token = script?.match;
    const alike = seen.filter(
      (other) => other.isOpen && token !== undefined && other.text.includes(token),
    );
    const call: SeenCall = {
      text: promptText,
      isOpen: true,
      concurrent: alike.length + 1,
      request: body,
    };
    seen.push(call);
    response.on("close", () => {
      call.isOpen = false;
    });
    if (step.kind === "hold") {
      await new Promise<void>((resolve) => {
        held.set(token ?? "", [...(held.get(token ?? "") ?? []), resolve]);
        response.on("close", resolve);
      });
    }
    await act(step, body, response);
  }

  async function control(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = (await readJson(request)) as { match: string; steps?: Step[] };
    if (path.endsWith("/script"))
      scripts.push({ match: body.match, steps: body.steps ?? [], next: 0 });
    if (path.endsWith("/release")) {
      for (const release of held.get(body.match) ?? []) release();
      held.delete(body.match);
    }
    const matching = seen.filter(({ text }) => text.includes(body.match));
    const calls: Calls = {
      calls: matching.length,
      maxConcurrent: Math.max(0, ...matching.map(({ concurrent }) => concurrent)),
      open: matching.filter(({ isOpen }) => isOpen).length,
      requests: matching.map(({ request: one }) => one),
    };
    sendJson(response, 200, calls);
  }

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const handling = path.startsWith("/control/")
      ? control(path, request, response)
      : complete(request, response);
    handling.catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function act(step: Step, request: SeenRequest, response: ServerResponse): Promise<void> {
  switch (step.kind) {
    case "drop":
      response.destroy();
      return;
    case "error":
      sendError(response, step.status, step.error ?? { message: "fake" }, step.headers);
      return;
    case "raw":
      response
        .writeHead(200, { "content-type": step.contentType ?? "application/json" })
        .end(step.body);
      return;
    case "stall":
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":"chatcmpl-');
      return;
    case "hold":
      sendJson(response, 200, completion(request, { kind: "ok" }));
      return;
    case "ok":
      if (step.delayMs) await new Promise((resolve) => setTimeout(resolve, step.delayMs));
      sendJson(response, 200, completion(request, step));
  }
}

function completion(request: SeenRequest, step: Extract<Step, { kind: "ok" }>): object {
  const texts = step.texts ?? [step.text ?? defaultAnswer(request)];
  return {
    id: "chatcmpl-fake",
    object: "chat.completion",
    created: Math.floor(Date.now() / 1_000),
    model: `${request.model}-2024-07-18`,
    choices: Array.from({ length: request.n ?? 1 }, (_, index) => ({
      index,
      finish_reason: step.finishReason ?? "stop",
      message: {
        role: "assistant",
        content: step.refusal ? null : texts[index % texts.length],
        refusal: step.refusal ?? null,
      },
    })),
    ...(step.usage !== null && {
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    }),
  };
}

/** An answer that depends on the text; with a schema, an object with the first value of each field. */
function defaultAnswer({ messages, response_format }: SeenRequest): string {
  const format = response_format as { json_schema?: { schema?: JsonSchema } } | undefined;
  const schema = format?.json_schema?.schema;
  if (schema) return JSON.stringify(exampleOf(schema));
  const input = messages[1]?.content ?? "";
  const [, text = input] = /^<TEXTO[_\d]*>\n([\s\S]*)\n<\/TEXTO[_\d]*>/u.exec(input) ?? [];
  return `[modelo] ${text.slice(0, 200)}.`;
}

function exampleOf(schema: JsonSchema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.type === "string") return "texto";
  if (schema.type === "array") return [];
  if (Array.isArray(schema.type)) return null;
  const fields = Object.entries(schema.properties ?? {});
  return Object.fromEntries(fields.map(([name, inner]) => [name, exampleOf(inner)]));
}

function sendError(
  response: ServerResponse,
  status: number,
  error: unknown,
  headers: Record<string, string> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, status, { error });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(await readText(request));
}
