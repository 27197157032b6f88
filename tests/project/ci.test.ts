import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

describe(".github/workflows/ci.yml", () => {
  it("runs the npm commands of .ci/run, in the same order", () => {
    const local = read(".ci/run").match(/^npm .+$/gm);
    const workflow = [...read(".github/workflows/ci.yml").matchAll(/^\s+run: (npm .+)$/gm)];
    expect(local).not.toBeNull();
    expect(workflow.map(([, command]) => command)).toEqual(local);
  });

  it("pins every action to a full version", () => {
    const actions = [...read(".github/workflows/ci.yml").matchAll(/uses: (\S+)/g)];
    expect(actions.length).toBeGreaterThan(0);
    for (const [, action] of actions) expect(action).toMatch(/@v\d+\.\d+\.\d+$/);
  });
});

describe(".nvmrc", () => {
  it("names the major version of the Node in package.json", () => {
    expect(packageJson.devDependencies.node.split(".")[0]).toBe(read(".nvmrc").trim());
  });
});
