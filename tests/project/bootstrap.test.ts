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

/** Writes a file into the test project: a lock file newer than the installed packages, and an npm that only prints. */
function writeProjectFile(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const bootstrap = writeProjectFile("scripts/bootstrap.mjs", "");
copyFileSync(join(import.meta.dirname, "../../scripts/bootstrap.mjs"), bootstrap);
writeProjectFile("package-lock.json", "{}");
for (const name of ["stop", "ps", "start"])
  writeProjectFile(`scripts/${name}.ts`, `console.log("${name}");`);
const node = join(writeProjectFile("node_modules/node/bin/leeme", ""), "../node");
symlinkSync(process.execPath, node);
chmodSync(writeProjectFile("bin/npm", "#!/bin/sh\necho instalado\n"), 0o755);

function run(script: string): string[] {
  return execFileSync(process.execPath, [bootstrap, script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` },
  })
    .trim()
    .split("\n");
}

it("runs stop and ps without installing packages under the running service", () => {
  expect(run("scripts/stop.ts")).toEqual(["stop"]);
  expect(run("scripts/ps.ts")).toEqual(["ps"]);
});

it("installs the packages of a changed lock file once, before it runs the script", () => {
  expect(run("scripts/start.ts")).toEqual(["instalado", "start"]);
  expect(run("scripts/start.ts")).toEqual(["start"]);
});
