import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { Settings } from "../../src/config.ts";
import { PROBLEMS } from "../../src/errors.ts";
import { TASK_TYPES } from "../../src/tasks/types/registry.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const GUIDE = read("docs/guia.md");
const COMMANDS = read("docs/commands.md");
const DEPENDENCIES = read("docs/dependencies.md");
const ROUTES = read("docs/routes.md");
const TASKS_PAGE = read("docs/tasks.md");
const STORAGE = read("docs/storage.md");

describe(".dev.vars.example", () => {
  it("lists every setting with its description and its default (vitest -u updates it)", async () => {
    await expect(devVarsExample()).toMatchFileSnapshot(join(ROOT, ".dev.vars.example"));
  });
});

describe("docs/commands.md", () => {
  it.for(Object.keys(packageJson.scripts))("describes npm run %s", (script) => {
    expect(COMMANDS).toMatch(new RegExp(`^\\| \`npm (run )?${script}\` +\\| \\S`, "m"));
  });
});

describe("docs/dependencies.md", () => {
  it.for(Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }))(
    "gives the reason for the dependency %s",
    (dependency) => {
      expect(DEPENDENCIES).toMatch(new RegExp(`^\\| .*\`${dependency}\`.* \\| \\S.*\\|$`, "m"));
    },
  );
});

describe("docs/routes.md", () => {
  it.for(routesOf(read("src/app.ts")))("lists $method $path with its scope", (route) => {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    const scope = route.scope === "null" ? "any" : `\`${route.scope}\``;
    const row = ROUTES.split("\n").find((line) =>
      line.startsWith(`| \`${route.method} ${path}\` `),
    );
    expect(row?.split("|")[2]?.trim()).toBe(scope);
  });

  it("finds the routes of src/app.ts", () => {
    expect(routesOf(read("src/app.ts")).length).toBeGreaterThan(20);
  });
});

it.for(TASK_TYPES)("lists an example of %s between the markers of npm run ejemplos", (task) => {
  const [, examples = ""] = /<!-- ejemplos -->([\s\S]*)<!-- \/ejemplos -->/.exec(TASKS_PAGE) ?? [];
  expect(examples).toMatch(new RegExp(`^\\| \`${task}\` `, "m"));
});

it.for(roomsOfSource())("describes the room %s in docs/architecture.md", (room) => {
  expect(read("docs/architecture.md")).toMatch(new RegExp(`^\\| \`${room}\` +\\| \\S`, "m"));
});

describe("docs/storage.md", () => {
  it.for(storedNames())("names the table or key %s", (name) => {
    expect(STORAGE).toContain(`\`${name}\``);
  });

  it("finds the tables and keys of the code", () => {
    expect(storedNames()).toEqual(
      expect.arrayContaining(["consultas_ia", "outbox", "mode", "run"]),
    );
  });
});

it.for([
  { page: "docs/promises.md", atLeast: 25 },
  { page: "docs/amenazas.md", atLeast: 11 },
])("names only existing tests in $page, at least $atLeast", ({ page, atLeast }) => {
  const named = [...read(page).matchAll(/`((?:tests|src|scripts)\/[\w./-]+\.test\.ts)`/g)];
  const paths = named.map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThanOrEqual(atLeast);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
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

/** Returns the folders of src/. */
function roomsOfSource(): string[] {
  return readdirSync(join(ROOT, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Returns the tables of PostgreSQL, and the tables and keys of Durable Objects, that src/ declares. */
function storedNames(): string[] {
  const declarations = [
    /pgTable\(\s*"(\w+)"/g,
    /CREATE TABLE IF NOT EXISTS (\w+)/g,
    /\bkv\.(?:get|put|delete)(?:<[^(]*>)?\(\s*"(\w+)"/g,
  ];
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => read(join("src", path)));
  const names = sources.flatMap((source) =>
    declarations.flatMap((declaration) =>
      [...source.matchAll(declaration)].map(([, name = ""]) => name),
    ),
  );
  return [...new Set(names)].toSorted();
}

/** Returns the routes that require authentication, as src/app.ts declares them. */
function routesOf(app: string): { method: string; path: string; scope: string }[] {
  const declared = app.matchAll(/route\(\s*"(\w+)",\s*"([^"]+)",\s*(?:"(\w+)"|(null))/g);
  return [...declared].map(([, method = "", path = "", scope, none]) => ({
    method,
    path,
    scope: scope ?? none ?? "",
  }));
}

function devVarsExample(): string {
  const settings = Object.entries(Settings.shape).map(([name, schema]) => {
    const defaultValue = schema.safeParse(undefined).data;
    const text =
      typeof defaultValue === "object" || defaultValue === undefined ? "" : String(defaultValue);
    return `# ${schema.description ?? ""}\n#${name}=${text}\n`;
  });
  return `# Cópialo como .dev.vars y quita el # de lo que quieras cambiar: cada línea dice lo que vale sin ponerla.
# «npm start» crea un .dev.vars con una clave nueva si no hay ninguno. Las variables de entorno ganan al fichero.

# Puerto de «npm start».
#PORT=8787

${settings.join("\n")}`;
}
