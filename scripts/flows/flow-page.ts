import { basename, join } from "node:path";
import { ROOT } from "../lib/root.ts";
import { type Flow, type Node, notesOf, outputsOf, stepsOf } from "./flow.ts";

export function flowPageFile(flowFile: string): string {
  return join(ROOT, "docs/flujos", basename(flowFile).replace(/\.json$/, ".md"));
}

/** A Markdown page: the flow as a Mermaid diagram, which GitHub renders, and the text of its notes. */
export function renderFlowPage(flow: Flow): string {
  const notes = notesOf(flow);
  return [
    "<!-- Escrito por «npm run flows:draw»: no lo cambies a mano. -->",
    `# ${flow.name}`,
    ["```mermaid", ...diagramLines(flow, notes), "```"].join("\n"),
    ...notes.map((note) => String(note.parameters["content"]).trim()),
    "",
  ].join("\n\n");
}

function diagramLines(flow: Flow, notes: readonly Node[]): string[] {
  const steps = stepsOf(flow);
  const ids = new Map(steps.map(({ name }, index) => [name, `paso${index + 1}`]));
  const declare = (step: Node): string => `${ids.get(step.name)}${shapeOf(step)}`;

  const groups = groupByNote(steps, notes);
  const grouped = new Set(groups.flatMap((group) => group.steps));
  return [
    "flowchart TB",
    ...groups.flatMap((group, index) => [
      `  subgraph grupo${index + 1}["${escapeLabel(group.title)}"]`,
      ...group.steps.map((step) => `    ${declare(step)}`),
      "  end",
    ]),
    ...steps.filter((step) => !grouped.has(step)).map((step) => `  ${declare(step)}`),
    ...steps.flatMap((step) =>
      connectionsFrom(flow, step).map(
        ({ arrow, target }) => `  ${ids.get(step.name)} ${arrow} ${ids.get(target)}`,
      ),
    ),
  ];
}

type Group = { title: string; steps: Node[] };

/** In n8n a note is a coloured area: the steps placed on it belong to it. A note without steps makes no group. */
function groupByNote(steps: readonly Node[], notes: readonly Node[]): Group[] {
  return notes
    .map((note) => {
      const [title = ""] = String(note.parameters["content"]).split("\n");
      return {
        title: title.replace(/^#+ */, ""),
        steps: steps.filter((step) => isOn(note, step)),
      };
    })
    .filter((group) => group.steps.length > 0);
}

function isOn(note: Node, step: Node): boolean {
  const [left, top] = note.position;
  const [x, y] = step.position;
  const { width, height } = note.parameters;
  return x >= left && x < left + Number(width) && y >= top && y < top + Number(height);
}

function shapeOf({ name, type }: Node): string {
  const label = `"${escapeLabel(name)}"`;
  if (/Trigger$|\.webhook$/.test(type)) return `([${label}])`;
  if (/\.(?:if|switch)$/.test(type)) return `{{${label}}}`;
  return `[${label}]`;
}

function connectionsFrom(flow: Flow, step: Node): { arrow: string; target: string }[] {
  const outputs = flow.connections[step.name]?.main ?? [];
  return outputs.flatMap((targets, output) =>
    targets.map(({ node }) => ({ arrow: arrowOf(step, output), target: node })),
  );
}

function arrowOf(step: Node, output: number): string {
  if (step.onError === "continueErrorOutput" && output === outputsOf(step) - 1) {
    return "-. error .->";
  }
  if (step.type.endsWith(".if")) return output === 0 ? "-- sí -->" : "-- no -->";
  return "-->";
}

/** A Mermaid label stands in double quotes, and `#` begins a character code in it. */
function escapeLabel(text: string): string {
  return text.replaceAll("#", "#35;").replaceAll('"', "#quot;");
}
