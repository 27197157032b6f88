import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { Settings } from "../../src/config.ts";
import { PROBLEMS } from "../../src/errors.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const README = read("README.md");
const GUIDE = read("docs/guia.md");

describe(".dev.vars.example", () => {
  it("lists every setting with its doc and its default (vitest -u writes it anew)", async () => {
    await expect(devVarsExample()).toMatchFileSnapshot(join(ROOT, ".dev.vars.example"));
  });
});

describe("README.md", () => {
  it.for(Object.keys(packageJson.scripts))("tells what npm run %s is for", (script) => {
    expect(README).toMatch(new RegExp(`npm (run )?${script}\\b`));
  });

  it.for(Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }))(
    "says why %s is there",
    (dependency) => {
      expect(README).toMatch(new RegExp(`^\\| .*\`${dependency}\`.* \\| \\S.*\\|$`, "m"));
    },
  );

  it("names only tests that exist", () => {
    const named = [...README.matchAll(/`((?:tests|src|scripts)\/[\w./-]+\.test\.ts)`/g)];
    expect(named.length).toBeGreaterThan(5);
    expect(
      named.map(([, path = ""]) => path).filter((path) => !existsSync(join(ROOT, path))),
    ).toEqual([]);
  });
});

describe("docs/guia.md", () => {
  it.for(Object.keys(Settings.shape))("explains the setting %s", (name) => {
    expect(GUIDE).toContain(`\`${name}\``);
  });

  it.for([...new Set(Object.values(PROBLEMS).map(({ code }) => code))])(
    "explains the code %s",
    (code) => {
      expect(GUIDE).toContain(code);
    },
  );
});

it("docs/amenazas.md names only tests that exist", () => {
  const named = [...read("docs/amenazas.md").matchAll(/`((?:tests|src)\/[\w./-]+\.test\.ts)`/g)];
  const paths = named.map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

it.for(["README.md", "docs/guia.md", "docs/amenazas.md"])(
  "%s links only to files that exist",
  (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)];
    const targets = links.map(([, target = ""]) => target);
    expect(targets.filter((target) => !existsSync(join(ROOT, path, "..", target)))).toEqual([]);
  },
);

function devVarsExample(): string {
  const settings = Object.entries(Settings.shape).map(([name, schema]) => {
    const preset = schema.safeParse(undefined).data;
    return `# ${schema.description ?? ""}\n#${name}=${preset === undefined ? "" : String(preset)}\n`;
  });
  return `# Cópialo como .dev.vars y quita el # de lo que quieras cambiar: cada línea dice lo que vale sin ponerla.
# «npm start» crea un .dev.vars con una clave nueva si no hay ninguno. Las variables de entorno ganan al fichero.

# Puerto de «npm start».
#PORT=8787

${settings.join("\n")}`;
}
