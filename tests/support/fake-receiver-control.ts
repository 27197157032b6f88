/** How the receiver answers one request. Without a script it answers 200 at once. */
export type Answer =
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  /** A body that never ends. */
  | { kind: "endless" }
  /** Accepts the request and never responds. */
  | { kind: "stall" }
  | { kind: "drop" };

export type Received = { path: string; headers: Record<string, string>; body: string };

/** Controls the fake receiver from inside workerd. `match` is a word that only this test's URLs or bodies contain. */
export function controlFakeReceiver(baseUrl: string, match: string) {
  const send = async (body: object): Promise<Received[]> => {
    const response = await fetch(`${baseUrl}/control`, {
      method: "POST",
      body: JSON.stringify({ match, ...body }),
    });
    return await response.json();
  };
  return {
    /** Returns every request that matches, whatever its response was. */
    received: () => send({}),
    /** The requests that match get these answers in order. The last answer repeats. */
    script: (answers: Answer[]) => send({ answers }),
  };
}
