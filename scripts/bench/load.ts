import { Agent, request } from "node:http";
import type { Contender } from "./services.ts";

const REQUEST_TIMEOUT_MS = 20_000;

/** Sends one request per text, one after the other. Returns the average time of a request in ms. */
export async function averageLatencyMs(
  contender: Contender,
  texts: readonly string[],
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const startMs = performance.now();
  for (const text of texts) await send(contender, text, agent);
  agent.destroy();
  return (performance.now() - startMs) / texts.length;
}

/** Sends the same text again and again over several connections. Returns the responses per second. */
export async function throughput(
  contender: Contender,
  text: string,
  { connections, durationMs }: { connections: number; durationMs: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startMs = performance.now();
  let responses = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - startMs < durationMs) {
        await send(contender, text, agent);
        responses += 1;
      }
    }),
  );
  agent.destroy();
  return responses / ((performance.now() - startMs) / 1_000);
}

/** @throws {Error} if the status is not 200: a fast failure must not count as a fast response */
function send({ url, headers, body }: Contender, text: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const clientRequest = request(url, {
      method: "POST",
      headers,
      agent,
      timeout: REQUEST_TIMEOUT_MS,
    });
    clientRequest.on("error", reject);
    clientRequest.on("timeout", () =>
      clientRequest.destroy(new Error(`No response within ${REQUEST_TIMEOUT_MS} ms`)),
    );
    clientRequest.on("response", (response) => {
      let responseBody = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (responseBody += chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url}: ${response.statusCode} ${responseBody}`));
      });
    });
    clientRequest.end(body(text));
  });
}
