export type WebhookAnswer = { status: number; body: Record<string, unknown> };

/** Posts a form or JSON to a webhook of n8n. A body that is not a JSON object is returned as `{ text }`. */
export async function postToWebhook(
  url: string,
  key: string,
  body: FormData | object,
): Promise<WebhookAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "x-api-key": key,
      ...(!(body instanceof FormData) && { "content-type": "application/json" }),
    },
    body: body instanceof FormData ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") ? (JSON.parse(text) as WebhookAnswer["body"]) : { text },
  };
}
