import { type Flow, SETTINGS_NODE, settingsOf } from "./flow.ts";
import type { Credential, N8nApi, Workflow } from "./n8n-api.ts";

export type Imported = {
  name: string;
  id: string;
  isNew: boolean;
  isPublished: boolean;
  /** Names of the credentials that this n8n does not have yet. */
  missing: string[];
};

/**
 * Puts flows into an n8n, those that listen to errors first. A flow that is there already is brought up to date and
 * keeps what its owner set in «Ajustes»; `settings` go over it, by name. Published where nothing is missing.
 */
export async function importFlows(
  api: N8nApi,
  flows: Flow[],
  { settings, publish }: { settings: Record<string, string>; publish: boolean },
): Promise<Imported[]> {
  const [credentials, existing] = await Promise.all([api.credentials(), api.workflows()]);
  const ids = new Map<string, string>();
  const listensToErrors = (flow: Flow): boolean =>
    flow.nodes.some(({ type }) => type.endsWith(".errorTrigger"));
  const inOrder = flows.toSorted((a, b) => Number(listensToErrors(b)) - Number(listensToErrors(a)));

  const imported: Imported[] = [];
  for (const flow of inOrder) {
    const old = existing.find(({ name }) => name === flow.name);
    const { missing, body } = prepare(flow, { credentials, ids, old, settings });
    const { id } = old ? await api.updateWorkflow(old.id, body) : await api.createWorkflow(body);
    ids.set(flow.id, id);
    const isWhole = missing.length === 0;
    if (publish && isWhole) await api.publishWorkflow(id);
    // n8n publishes what comes new for a flow that is published already.
    const isPublished = (publish && isWhole) || old?.active === true;
    imported.push({ name: flow.name, id, isNew: !old, isPublished, missing });
  }
  return imported;
}

type Known = {
  credentials: Credential[];
  /** Of the flows that are in already: their id in the file, and the one that n8n gave them. */
  ids: Map<string, string>;
  old: Workflow | undefined;
  settings: Record<string, string>;
};

function prepare(
  flow: Flow,
  { credentials, ids, old, settings }: Known,
): { missing: string[]; body: Omit<Flow, "id"> } {
  const missing = new Set<string>();
  const kept = new Map(
    settingsOf({ nodes: (old?.nodes ?? []) as Flow["nodes"] }).map(({ name, value }) => [
      name,
      value,
    ]),
  );
  const nodes = flow.nodes.map((node) => {
    const withCredentials = Object.entries(node.credentials ?? {}).map(([type, { name }]) => {
      const found = credentials.find((one) => one.type === type && one.name === name);
      if (!found) missing.add(`${name} (${type})`);
      return [type, { id: found?.id ?? null, name }];
    });
    return {
      ...node,
      ...(node.credentials && {
        credentials: Object.fromEntries(withCredentials) as typeof node.credentials,
      }),
      ...(node.name === SETTINGS_NODE && {
        parameters: withSettings(node.parameters, kept, settings),
      }),
    };
  });
  const { errorWorkflow, ...rest } = flow.settings;
  const listener = errorWorkflow && ids.get(errorWorkflow);
  return {
    missing: [...missing],
    body: {
      name: flow.name,
      nodes,
      connections: flow.connections,
      settings: { ...rest, ...(listener && { errorWorkflow: listener }) },
    },
  };
}

type Assignments = {
  assignments: { assignments: { name: string; type: string; value: unknown }[] };
};

function withSettings(
  parameters: Record<string, unknown>,
  kept: Map<string, unknown>,
  settings: Record<string, string>,
): Record<string, unknown> {
  const { assignments } = parameters as Assignments;
  const set = assignments.assignments.map((one) => {
    const given = settings[one.name];
    if (given !== undefined)
      return { ...one, value: one.type === "number" ? Number(given) : given };
    return kept.has(one.name) ? { ...one, value: kept.get(one.name) } : one;
  });
  return { ...parameters, assignments: { assignments: set } };
}
