import { DurableObject } from "cloudflare:workers";

type FloorEnv = {
  CACHE: KVNamespace;
  CHATS: DurableObjectNamespace<FloorObject>;
  MODEL_URL: string;
};

const TTL_SECONDS = 86_400;

/** Only the platform operations of `procesar`: the least that any implementation must spend. */
export class FloorObject extends DurableObject<FloorEnv> {
  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS work (key TEXT PRIMARY KEY, value TEXT)");
  }

  async run(text: string): Promise<string> {
    this.write(text, "started");
    const response = await fetch(`${this.env.MODEL_URL}/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer sk-de-pega", "content-type": "application/json" },
      body: JSON.stringify({
        model: "gpt-4o-mini",
        messages: [
          { role: "system", content: "Resume el texto." },
          { role: "user", content: text },
        ],
      }),
    });
    const result = JSON.stringify(await response.json());
    this.write(text, result);
    return result;
  }

  write(key: string, value: string): void {
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO work VALUES (?, ?)", key, value);
  }
}

export default {
  async fetch(request, env, ctx) {
    const { texto } = await request.json<{ texto: string }>();
    const chat = env.CHATS.getByName("floor");
    const url = `https://cache.invalid/${encodeURIComponent(texto)}`;
    const kvRead = env.CACHE.get(texto);
    const cached = await caches.default.match(url);
    if (cached) {
      ctx.waitUntil(chat.write(crypto.randomUUID(), texto));
      return new Response(await cached.text());
    }
    const stored = await kvRead;
    if (stored !== null) return new Response(stored);

    const result = await chat.run(texto);
    const copy = new Response(result, { headers: { "cache-control": "max-age=300" } });
    ctx.waitUntil(
      Promise.all([
        env.CACHE.put(texto, result, { expirationTtl: TTL_SECONDS }),
        caches.default.put(url, copy),
      ]),
    );
    return new Response(result);
  },
} satisfies ExportedHandler<FloorEnv>;
