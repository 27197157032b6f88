import { findRunningService } from "./state.ts";
import { UserError } from "./user-error.ts";

/** A running service, and an API key that may manage it. */
export type Service = { address: string; apiKey: string };

export type ServiceRequest = {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: object | undefined;
  redirect?: "follow" | "manual";
  timeoutMs: number;
};

/**
 * The address of the service to manage: `url` if given, else the service that runs in this folder, if any.
 * @throws {UserError} if `url` is not a URL
 */
export function findServiceAddress(url: string | undefined): string | undefined {
  const address = url ?? findRunningService()?.address;
  if (address === undefined || URL.canParse(address)) return address;
  throw new UserError("--url debe ser una dirección, como https://…");
}

/** @throws what `fetch` throws if the service cannot be reached or the timeout passes */
export async function callService(
  { address, apiKey }: Service,
  path: string,
  { method = "GET", headers, body, redirect = "follow", timeoutMs }: ServiceRequest,
): Promise<Response> {
  return await fetch(new URL(path, address), {
    method,
    headers: {
      "x-api-key": apiKey,
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    redirect,
    signal: AbortSignal.timeout(timeoutMs),
  });
}
