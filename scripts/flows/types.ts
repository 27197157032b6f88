import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installN8n } from "../../tests/n8n/install.ts";
import { flowFiles, readFlow, STICKY_NOTE } from "./flow.ts";
import type { NodeType, NodeTypes } from "./problems.ts";

type Description = {
  name: string;
  version: number | number[];
  group: string[];
  properties: {
    name: string;
    displayOptions?: { show?: Record<string, unknown[]>; hide?: Record<string, unknown[]> };
  }[];
};

/** What the installed n8n says of the types that the flows use. */
export function readNodeTypes(installed: string): NodeTypes {
  const read = (path: string): unknown =>
    JSON.parse(readFileSync(join(installed, "node_modules", path), "utf8"));
  const { version: n8n } = read("n8n/package.json") as { version: string };
  const all = read("n8n-nodes-base/dist/types/nodes.json") as Description[];
  const used = new Set(flowFiles().flatMap((file) => readFlow(file).nodes.map(({ type }) => type)));
  used.delete(STICKY_NOTE);
  const types = [...used].toSorted().flatMap((type): [string, NodeType][] => {
    const same = all.filter(({ name }) => type === name || type === `n8n-nodes-base.${name}`);
    const newest = same.toSorted((a, b) => newestOf(b) - newestOf(a))[0];
    if (!newest) return [];
    const names = newest.properties.map(({ name }) => name);
    return [
      [
        type,
        {
          version: newestOf(newest),
          isTrigger: newest.group.includes("trigger"),
          parameters: [...new Set(names)].toSorted(),
        },
      ],
    ];
  });
  return { n8n, types: Object.fromEntries(types) };
}

function newestOf({ version }: Description): number {
  return Math.max(...[version].flat());
}

/** `npm run flows:types`: writes down what the pinned n8n knows, so that flows:check needs no n8n. */
if (process.argv[1] === import.meta.filename) {
  const file = join(import.meta.dirname, "node-types.json");
  writeFileSync(file, `${JSON.stringify(readNodeTypes(await installN8n()), null, 2)}\n`);
  console.log(file);
}
