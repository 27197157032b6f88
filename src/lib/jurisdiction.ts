import type { Config } from "../config.ts";

/** Where JURISDICCION says that objects must live. Only a deployed service has places; local ones have one. */
export function inJurisdiction<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  { JURISDICCION }: Config,
): DurableObjectNamespace<T> {
  if (!JURISDICCION) return namespace;
  try {
    return namespace.jurisdiction(JURISDICCION);
  } catch (error) {
    if (error instanceof Error && error.message.includes("not implemented in workerd")) {
      return namespace;
    }
    throw error;
  }
}
