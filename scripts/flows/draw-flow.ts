import { basename, join } from "node:path";
import { ROOT } from "../lib/run.ts";
import { type Flow, type Node, STICKY_NOTE } from "./flow.ts";

const NODE_WIDTH = 150;
const NODE_HEIGHT = 56;
const MARGIN = 40;
const CHAR_WIDTH = 6.6;
const LINE_HEIGHT = 15;

/** n8n's own colours of notes, 1–7, made lighter. */
const NOTE_COLOURS = ["#fff6d6", "#fbe3d0", "#fadcdc", "#dff3e4", "#dde9fb", "#ece2fa", "#eeeeee"];
const LOOKS: [pattern: RegExp, icon: string, colour: string][] = [
  [/Trigger$|\.webhook$/, "▶", "#f6c344"],
  [/\.httpRequest$/, "IA", "#7a5cff"],
  [/\.telegram$/, "✈", "#2aa1da"],
  [/\.(?:gmail|emailSend)$/, "✉", "#d9483b"],
  [/\.googleSheets$/, "▦", "#1f9d58"],
  [/\.(?:if|switch)$/, "◇", "#3aa8a0"],
  [/\.code$/, "{ }", "#e8863a"],
  [/\.respondToWebhook$/, "↩", "#7a5cff"],
];
const PLAIN_LOOK: [icon: string, colour: string] = ["▣", "#8a8f98"];

export function pictureOf(file: string): string {
  return join(ROOT, "docs/flujos", basename(file).replace(/\.json$/, ".svg"));
}

/** The flow as n8n shows it: steps at their places, notes behind them, what goes wrong in red. */
export function drawFlow(flow: Flow): string {
  const notes = flow.nodes.filter(({ type }) => type === STICKY_NOTE);
  const steps = flow.nodes.filter(({ type }) => type !== STICKY_NOTE);
  const boxes = [...notes.map(noteBox), ...steps.map(stepBox)];
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN - top;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${escape(flow.name)}">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#ffffff"/>`,
    ...notes.map(drawNote),
    ...drawConnections(flow, steps),
    ...steps.map(drawStep),
    "</svg>",
    "",
  ].join("\n");
}

type Box = { x: number; y: number; width: number; height: number };

function stepBox({ position: [x, y] }: Node): Box {
  return { x, y, width: NODE_WIDTH, height: NODE_HEIGHT };
}

function noteBox({ position: [x, y], parameters }: Node): Box {
  return { x, y, width: Number(parameters["width"]), height: Number(parameters["height"]) };
}

function drawNote(node: Node): string {
  const { x, y, width, height } = noteBox(node);
  const colour = NOTE_COLOURS[Number(node.parameters["color"] ?? 1) - 1] ?? "#eeeeee";
  const [title = "", ...rest] = String(node.parameters["content"]).split("\n");
  const room = Math.floor((width - 24) / CHAR_WIDTH);
  const lines = rest
    .map((line) => line.replace(/\*\*|`|(?<!\w)\*|\*(?!\w)/g, ""))
    .flatMap((line) => wrap(line, room));
  const text = lines.map(
    (line, index) =>
      `<tspan x="${x + 12}" y="${y + 44 + index * LINE_HEIGHT}">${escape(line)}</tspan>`,
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${colour}" stroke="#00000018"/>`,
    `<text x="${x + 12}" y="${y + 22}" font-size="15" font-weight="600" fill="#333333">${escape(title.replace(/^#+ */, ""))}</text>`,
    `<text fill="#555555">${text.join("")}</text>`,
  ].join("\n");
}

function drawConnections(flow: Flow, steps: Node[]): string[] {
  const byName = new Map(steps.map((node) => [node.name, node]));
  return Object.entries(flow.connections).flatMap(([source, { main }]) => {
    const from = byName.get(source);
    if (!from) return [];
    return main.flatMap((targets, output) =>
      targets.flatMap(({ node }) => {
        const to = byName.get(node);
        return to ? drawArrow(from, to, { output, outputs: main.length }) : [];
      }),
    );
  });
}

function drawArrow(
  from: Node,
  to: Node,
  { output, outputs }: { output: number; outputs: number },
): string {
  const start = {
    x: from.position[0] + NODE_WIDTH,
    y: from.position[1] + (NODE_HEIGHT * (output + 1)) / (outputs + 1),
  };
  const end = { x: to.position[0], y: to.position[1] + NODE_HEIGHT / 2 };
  const bend = Math.max(40, Math.abs(end.x - start.x) / 2);
  const isError = from.onError === "continueErrorOutput" && output === outputs - 1 && output > 0;
  const colour = isError ? "#d9483b" : "#9aa0a8";
  return [
    `<path d="M${start.x} ${start.y} C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    `<circle cx="${end.x}" cy="${end.y}" r="3" fill="${colour}"/>`,
  ].join("");
}

function drawStep(node: Node): string {
  const { x, y, width, height } = stepBox(node);
  const look = LOOKS.find(([pattern]) => pattern.test(node.type));
  const [icon, colour] = look ? [look[1], look[2]] : PLAIN_LOOK;
  const lines = wrap(node.name, 17).slice(0, 3);
  const first = y + height / 2 + 4 - ((lines.length - 1) * 14) / 2;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="#ffffff" stroke="${colour}" stroke-width="1.5"/>`,
    `<text x="${x + 18}" y="${y + height / 2 + 5}" font-size="14" text-anchor="middle" fill="${colour}">${icon}</text>`,
    `<text fill="#222222">${lines.map((line, index) => `<tspan x="${x + 34}" y="${first + index * 14}">${escape(line)}</tspan>`).join("")}</text>`,
  ].join("\n");
}

function wrap(text: string, room: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length + 1 > room) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

function escape(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
