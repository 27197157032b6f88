import { describe, expect, it } from "vitest";
import type { Environment } from "./environment.ts";
import { postToWebhook, type WebhookAnswer } from "./post-to-webhook.ts";

export function previousBackendSuite(getEnvironment: () => Environment): void {
  describe("a flow written for the previous backend", () => {
    const send = async (text: string): Promise<WebhookAnswer> =>
      await postToWebhook(
        `${getEnvironment().n8n.url}/webhook/anterior`,
        getEnvironment().worker.key,
        {
          message: { chat: { id: -555 }, text },
        },
      );

    it("works when only its api_url changes", async () => {
      await getEnvironment().model.script("alcornoque", [{ kind: "ok", text: "The cork oak." }]);
      expect((await send("/traducir")).body).toEqual({
        chat_id: -555,
        texto: "¿Qué texto quieres traducir?",
      });
      expect((await send("El alcornoque")).body).toEqual({ chat_id: -555, texto: "The cork oak." });
      const [withoutMode, unknown] = [await send("Sin modo"), await send("/start")];
      expect(withoutMode.body["texto"]).not.toBe("");
      expect(withoutMode.body["chat_id"]).toBe(-555);
      expect(unknown.body["texto"]).toContain("/resumir");
      await send("/consultar");
      expect((await send("mis últimas traducciones")).body).toMatchObject({
        chat_id: -555,
        total: 1,
        consultas: ["The cork oak."],
      });
      expect((await send("¿cuántos textos traduje hoy?")).body).toMatchObject({ total: 1 });
      expect((await send("la fecha de la última traducción")).body["texto"]).toMatch(
        /^\d{4}-\d\d-\d\dT/,
      );
      expect((await send("¿qué hora es?")).body["texto"]).toContain("No lo he entendido");
    });
  });
}
