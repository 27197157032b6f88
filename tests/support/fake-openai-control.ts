/** How the fake model handles one request. Without a script it answers correctly at once. */
export type Step =
  | {
      kind: "ok";
      text?: string;
      /** One text for each requested answer (`n`). */
      texts?: string[];
      delayMs?: number;
      usage?: null;
      finishReason?: string;
      refusal?: string;
    }
  | { kind: "error"; status: number; error?: unknown; headers?: Record<string, string> }
  /** A 200 with this body. */
  | { kind: "raw"; body: string; contentType?: string }
  /** Holds the request until `release`, then answers correctly. */
  | { kind: "hold" }
  /** Sends headers and half a body, then nothing more. */
  | { kind: "stall" }
  | { kind: "drop" };

export type SeenRequest = {
  model: string;
  messages: { role: string; content: string }[];
  response_format?: unknown;
  n?: number;
};

/** The requests that contain a match. */
export type Calls = {
  calls: number;
  /** The highest number of requests in progress at the same time. */
  maxConcurrent: number;
  /** In progress now. */
  open: number;
  requests: SeenRequest[];
};

/** Controls the fake model from inside workerd. `match` is a word that only the texts of this test contain. */
export function controlFakeOpenAi(baseUrl: string) {
  const send = async (path: string, body: unknown): Promise<Response> =>
    await fetch(new URL(`/control/${path}`, baseUrl), {
      method: "POST",
      body: JSON.stringify(body),
    });

  return {
    /** The requests that contain `match` get these steps in order. The last step repeats. */
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
