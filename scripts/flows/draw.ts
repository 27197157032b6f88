import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { ROOT } from "../lib/run.ts";
import { drawFlow, pictureOf } from "./draw-flow.ts";
import { flowFiles, readFlow } from "./flow.ts";

/** `npm run flows:draw`: a picture of each flow for docs/guia.md. */
for (const file of flowFiles()) {
  const picture = pictureOf(file);
  mkdirSync(dirname(picture), { recursive: true });
  writeFileSync(picture, drawFlow(readFlow(file)));
  console.log(relative(ROOT, picture));
}
