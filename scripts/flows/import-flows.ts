import { type Flow, isErrorFlow, type Node, SETTINGS_NODE, settingsOf } from "./flow.ts";
import type { Credential, N8nApi, Workflow } from "./n8n-api.ts";

export type ImportedFlow = {
  name: string;
  /** In n8n. */
  id: string;
  isNew: boolean;
  isPublished: boolean;
  /** The credentials of the flow that n8n does not have. */
  missingCredentials: string[];
};

/**
 * Creates the flows in n8n, or updates those with the same name. An updated flow keeps its settings in n8n; `settings`
 * override them, by name. A flow with a missing credential is not published.
 */
export async function importFlows(
  api: N8nApi,
  flows: Flow[],
  { settings, publish }: { settings: Record<string, string>; publish: boolean },
): Promise<ImportedFlow[]> {
  const [credentials, workflows] = await Promise.all([api.listCredentials(), api.listWorkflows()]);
  const n8nIds = new Map<string, string>();
  const imported: ImportedFlow[] = [];
  for (const flow of errorFlowsFirst(flows)) {
    const existing = workflows.find(({ name }) => name === flow.name);
    const { missingCredentials, body } = prepareFlow(flow, {
      credentials,
      n8nIds,
      existing,
      settings,
    });
    const { id } = existing
      ? await api.updateWorkflow(existing.id, body)
      : await api.createWorkflow(body);
    n8nIds.set(flow.id, id);
    const canPublish = publish && missingCredentials.length === 0;
    if (canPublish) await api.publishWorkflow(id);
    imported.push({
      name: flow.name,
      id,
      isNew: !existing,
      // n8n itself publishes the update of a published flow.
      isPublished: canPublish || existing?.active === true,
      missingCredentials,
    });
  }
  return imported;
}

/** The other flows refer to the id that n8n gives to the error flow. */
function errorFlowsFirst(flows: readonly Flow[]): Flow[] {
  return flows.toSorted((a, b) => Number(isErrorFlow(b)) - Number(isErrorFlow(a)));
}

type ImportContext = {
  credentials: readonly Credential[];
  /** The id in n8n of each imported flow, by its id in the file. */
  n8nIds: ReadonlyMap<string, string>;
  existing: Workflow | undefined;
  settings: Record<string, string>;
};

function prepareFlow(
  flow: Flow,
  { credentials, n8nIds, existing, settings }: ImportContext,
): { missingCredentials: string[]; body: Omit<Flow, "id"> } {
  const missing = new Set<string>();
  const existingNodes = (existing?.nodes ?? []) as Node[];
  const existingSettings = new Map(
    settingsOf({ nodes: existingNodes }).map(({ name, value }) => [name, value]),
  );
  const nodes = flow.nodes.map((node) => {
    const resolved = resolveCredentials(node, credentials);
    resolved.missing.forEach((name) => missing.add(name));
    return {
      ...node,
      ...(node.credentials && { credentials: resolved.credentials }),
      ...(node.name === SETTINGS_NODE && {
        parameters: applySettings(node.parameters, existingSettings, settings),
      }),
    };
  });
  const { errorWorkflow, ...otherSettings } = flow.settings;
  const errorWorkflowId = errorWorkflow && n8nIds.get(errorWorkflow);
  return {
    missingCredentials: [...missing],
    body: {
      name: flow.name,
      nodes,
      connections: flow.connections,
      settings: { ...otherSettings, ...(errorWorkflowId && { errorWorkflow: errorWorkflowId }) },
    },
  };
}

/** Adds the ids that n8n gave to the credentials, which it knows by type and name. */
function resolveCredentials(
  node: Node,
  known: readonly Credential[],
): { credentials: NonNullable<Node["credentials"]>; missing: string[] } {
  const missing: string[] = [];
  const entries = Object.entries(node.credentials ?? {}).map(([type, { name }]) => {
    const credential = known.find((one) => one.type === type && one.name === name);
    if (!credential) missing.push(`${name} (${type})`);
    return [type, { id: credential?.id ?? null, name }];
  });
  return {
    credentials: Object.fromEntries(entries) as NonNullable<Node["credentials"]>,
    missing,
  };
}

type SettingsParameters = {
  assignments: { assignments: { name: string; type: string; value: unknown }[] };
};

function applySettings(
  parameters: Record<string, unknown>,
  existing: ReadonlyMap<string, unknown>,
  settings: Record<string, string>,
): Record<string, unknown> {
  const { assignments } = parameters as SettingsParameters;
  const applied = assignments.assignments.map((assignment) => {
    const { name, type } = assignment;
    const value = settings[name];
    if (value !== undefined) {
      return { ...assignment, value: type === "number" ? Number(value) : value };
    }
    return existing.has(name) ? { ...assignment, value: existing.get(name) } : assignment;
  });
  return { ...parameters, assignments: { assignments: applied } };
}
