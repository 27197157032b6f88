/** What the fake model does with one request. Without a script it answers well, at once. */
export type Step =
  | {
      kind: "ok";
      text?: string;
      /** One for each answer that was asked for. */
      texts?: string[];
      delayMs?: number;
      usage?: null;
      finishReason?: string;
      refusal?: string;
    }
  | { kind: "error"; status: number; error?: unknown; headers?: Record<string, string> }
  /** A 200 with just this body. */
  | { kind: "raw"; body: string; contentType?: string }
  /** Holds the request until it is released, then answers well. */
  | { kind: "hold" }
  /** Sends headers and half a body, then nothing. */
  | { kind: "stall" }
  | { kind: "drop" };

export type SeenRequest = {
  model: string;
  messages: { role: string; content: string }[];
  response_format?: unknown;
  n?: number;
};

export type Calls = {
  calls: number;
  /** The most requests that were under way at once. */
  maxConcurrent: number;
  /** Under way now. */
  open: number;
  requests: SeenRequest[];
};

/** Talks to the fake model from inside workerd. `match` is a word that only this test's texts hold. */
export function controlFakeOpenAi(baseUrl: string) {
  const send = async (path: string, body: unknown): Promise<Response> =>
    await fetch(new URL(`/control/${path}`, baseUrl), {
      method: "POST",
      body: JSON.stringify(body),
    });

  return {
    /** Requests with `match` in them take the steps in order; the last one is repeated. */
    async script(match: string, steps: Step[]): Promise<void> {
      await send("script", { match, steps });
    },
    async release(match: string): Promise<void> {
      await send("release", { match });
    },
    async calls(match: string): Promise<Calls> {
      const response = await send("calls", { match });
      return await response.json();
    },
  };
}
