/** How the receiver answers one request. Without a script: 200 at once. */
export type Answer =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  /** A body that never ends. */
  | { kind: "endless" }
  /** Takes the request, and never answers. */
  | { kind: "stall" }
  | { kind: "drop" };

export type Received = { path: string; headers: Record<string, string>; body: string };

/** Talks to the fake receiver from inside workerd. `match` is a word that only this test's addresses or bodies hold. */
export function controlFakeReceiver(baseUrl: string, match: string) {
  const send = async (body: object): Promise<Received[]> => {
    const response = await fetch(`${baseUrl}/control`, {
      method: "POST",
      body: JSON.stringify({ match, ...body }),
    });
    return await response.json();
  };
  return {
    /** Everything that came, however it was answered. */
    received: () => send({}),
    /** Requests take the answers in order; the last one is repeated. */
    script: (answers: Answer[]) => send({ answers }),
  };
}
