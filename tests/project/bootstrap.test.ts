import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "asistente-arranque-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the project with nothing in it but a Node, after its lock file has changed; its npm only says so. */
function put(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const bootstrap = put("scripts/bootstrap.mjs", "");
copyFileSync(join(import.meta.dirname, "../../scripts/bootstrap.mjs"), bootstrap);
put("package-lock.json", "{}");
for (const name of ["stop", "ps", "start"]) put(`scripts/${name}.ts`, `console.log("${name}");`);
const node = join(put("node_modules/node/bin/leeme", ""), "../node");
symlinkSync(process.execPath, node);
chmodSync(put("bin/npm", "#!/bin/sh\necho instalado\n"), 0o755);

function run(script: string): string[] {
  return execFileSync(process.execPath, [bootstrap, script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` },
  })
    .trim()
    .split("\n");
}

it("stops and shows a service as things are, without taking away what it runs on", () => {
  expect(run("scripts/stop.ts")).toEqual(["stop"]);
  expect(run("scripts/ps.ts")).toEqual(["ps"]);
});

it("installs what a changed lock file names before anything else, once", () => {
  expect(run("scripts/start.ts")).toEqual(["instalado", "start"]);
  expect(run("scripts/start.ts")).toEqual(["start"]);
});
