import { Agent, request } from "node:http";
import type { Contender } from "./services.ts";

const REQUEST_LIMIT_MS = 20_000;

/** Asks one after another, each with a text of its own: how long one took on average, in ms. */
export async function sequentialMs(
  contender: Contender,
  texts: readonly string[],
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const startMs = performance.now();
  for (const text of texts) await ask(contender, text, agent);
  agent.destroy();
  return (performance.now() - startMs) / texts.length;
}

/** Asks for the same text over and over: answers per second. */
export async function throughput(
  contender: Contender,
  text: string,
  { connections, durationMs }: { connections: number; durationMs: number },
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startMs = performance.now();
  let answers = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - startMs < durationMs) {
        await ask(contender, text, agent);
        answers += 1;
      }
    }),
  );
  agent.destroy();
  return answers / ((performance.now() - startMs) / 1_000);
}

/** @throws {Error} when the answer is not 200: what fails fast must not count as fast */
function ask({ url, headers, body }: Contender, text: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, agent, timeout: REQUEST_LIMIT_MS });
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error(`No answer within ${REQUEST_LIMIT_MS} ms`)));
    sent.on("response", (response) => {
      let answer = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (answer += chunk));
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url}: ${response.statusCode} ${answer}`));
      });
    });
    sent.end(body(text));
  });
}
