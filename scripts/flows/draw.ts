import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { ROOT } from "../lib/root.ts";
import { flowFiles, readFlow } from "./flow.ts";
import { flowPageFile, renderFlowPage } from "./flow-page.ts";

/** `npm run flows:draw`: writes the page of each flow, which docs/guia.md links to. */
for (const file of flowFiles()) {
  const page = flowPageFile(file);
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, renderFlowPage(readFlow(file)));
  console.log(relative(ROOT, page));
}
