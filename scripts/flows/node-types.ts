import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installN8n } from "../../tests/n8n/install-n8n.ts";
import { flowFiles, readFlow, stepsOf } from "./flow.ts";

/** A node type as the pinned n8n defines it. */
export type NodeType = {
  /** The newest one. */
  version: number;
  isTrigger: boolean;
  /** Names of the parameters of that version. */
  parameters: string[];
};
/** The contents of node-types.json, which `npm run flows:types` writes. `n8n`: its version. */
export type NodeTypes = { n8n: string; types: Record<string, NodeType> };

/** A node type in n8n's own list. */
type TypeDescription = {
  name: string;
  version: number | number[];
  group: string[];
  properties: { name: string }[];
};

/** Reads the types that the flows use from an installed n8n. */
export function readNodeTypes(n8nFolder: string): NodeTypes {
  const readJson = (path: string): unknown =>
    JSON.parse(readFileSync(join(n8nFolder, "node_modules", path), "utf8"));
  const { version: n8n } = readJson("n8n/package.json") as { version: string };
  const descriptions = readJson("n8n-nodes-base/dist/types/nodes.json") as TypeDescription[];
  const types = usedTypes().flatMap((type): [string, NodeType][] => {
    const newest = descriptions
      .filter(({ name }) => type === name || type === `n8n-nodes-base.${name}`)
      .toSorted((a, b) => newestVersion(b) - newestVersion(a))[0];
    return newest ? [[type, toNodeType(newest)]] : [];
  });
  return { n8n, types: Object.fromEntries(types) };
}

function usedTypes(): string[] {
  const types = flowFiles().flatMap((file) => stepsOf(readFlow(file)).map(({ type }) => type));
  return [...new Set(types)].toSorted();
}

function toNodeType(description: TypeDescription): NodeType {
  const names = description.properties.map(({ name }) => name);
  return {
    version: newestVersion(description),
    isTrigger: description.group.includes("trigger"),
    parameters: [...new Set(names)].toSorted(),
  };
}

function newestVersion({ version }: TypeDescription): number {
  return Math.max(...[version].flat());
}

/** `npm run flows:types`: writes node-types.json, so that flows:check works without an n8n. */
if (import.meta.main) {
  const file = join(import.meta.dirname, "node-types.json");
  writeFileSync(file, `${JSON.stringify(readNodeTypes(await installN8n()), null, 2)}\n`);
  console.log(file);
}
