/**
 * Returns the namespace restricted to the jurisdiction that JURISDICCION names, or the namespace itself when the setting
 * is absent. The local runtime has no jurisdictions: there the namespace itself is returned.
 */
export function inJurisdiction<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  { JURISDICCION }: { JURISDICCION?: DurableObjectJurisdiction | undefined },
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
