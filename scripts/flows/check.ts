import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { flowPageFile, renderFlowPage } from "./flow-page.ts";
import { type Flow, flowFiles, readFlow } from "./flow.ts";
import type { NodeTypes } from "./node-types.ts";
import { findProblems, findCrossFlowProblems } from "./problems.ts";

const TYPES_FILE = join(import.meta.dirname, "node-types.json");

/** `npm run flows:check`: checks each flow, its page in docs/flujos, and the flows together. */
function main(): number {
  const types = JSON.parse(readFileSync(TYPES_FILE, "utf8")) as NodeTypes;
  const flows: Flow[] = [];
  const problems: string[] = [];
  for (const file of flowFiles()) {
    const report = (problem: string): void => {
      problems.push(`${basename(file)}: ${problem}`);
    };
    try {
      const flow = readFlow(file);
      flows.push(flow);
      findProblems(flow, types).forEach(report);
      if (!isPageCurrent(flow, file)) report("su dibujo no está al día (npm run flows:draw).");
    } catch (error) {
      report(`no es un flujo. ${String(error)}`);
    }
  }
  problems.push(...findCrossFlowProblems(flows));
  for (const problem of problems) console.error(`✗ ${problem}`);
  if (problems.length > 0 || flows.length === 0) return 1;
  const nodes = flows.reduce((sum, flow) => sum + flow.nodes.length, 0);
  console.log(`✓ ${flows.length} flujos y ${nodes} pasos, como los quiere n8n ${types.n8n}`);
  return 0;
}

function isPageCurrent(flow: Flow, flowFile: string): boolean {
  const page = flowPageFile(flowFile);
  return existsSync(page) && readFileSync(page, "utf8") === renderFlowPage(flow);
}

process.exitCode = main();
