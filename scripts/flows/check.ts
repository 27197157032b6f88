import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { flowPageFile, renderFlowPage } from "./flow-page.ts";
import { type Flow, flowFiles, readFlow } from "./flow.ts";
import { type NodeTypes, problemsOf, problemsTogether } from "./problems.ts";

const TYPES_FILE = join(import.meta.dirname, "node-types.json");

/** `npm run flows:check`: each flow by itself, all together, and their pictures in docs/. */
function check(): number {
  const types = JSON.parse(readFileSync(TYPES_FILE, "utf8")) as NodeTypes;
  const flows: Flow[] = [];
  const problems: string[] = [];
  for (const file of flowFiles()) {
    try {
      const flow = readFlow(file);
      flows.push(flow);
      problems.push(...problemsOf(flow, types).map((problem) => `${basename(file)}: ${problem}`));
      if (!hasCurrentPage(flow, file)) {
        problems.push(`${basename(file)}: su dibujo no está al día (npm run flows:draw).`);
      }
    } catch (error) {
      problems.push(`${basename(file)}: no es un flujo. ${String(error)}`);
    }
  }
  problems.push(...problemsTogether(flows));
  for (const problem of problems) console.error(`✗ ${problem}`);
  if (problems.length === 0) {
    const steps = flows.reduce((sum, { nodes }) => sum + nodes.length, 0);
    console.log(`✓ ${flows.length} flujos y ${steps} pasos, como los quiere n8n ${types.n8n}`);
  }
  return problems.length === 0 && flows.length > 0 ? 0 : 1;
}

function hasCurrentPage(flow: Flow, file: string): boolean {
  try {
    return readFileSync(flowPageFile(file), "utf8") === renderFlowPage(flow);
  } catch {
    // There is no page.
    return false;
  }
}

process.exitCode = check();
