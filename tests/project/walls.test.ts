import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");

type Source = { path: string; imports: string[] };

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith(".d.ts"))
  .map((path) => ({ path, imports: importsOf(readFileSync(join(SRC, path), "utf8")) }));

function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:^|\n)(?:import|export)(?! type)[^;"]*?from "([^"]+)"/g)].map(
    ([, from = ""]) => from,
  );
}

/** The files that import something they may not. */
const trespassers = (module: RegExp, mayImport: (path: string) => boolean): string[] =>
  sources
    .filter(({ path, imports }) => !mayImport(path) && imports.some((from) => module.test(from)))
    .map(({ path }) => path);

it("reads the imports of the files that there are", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.find(({ path }) => path === "llm/llm.ts")?.imports).toContain("openai");
});

it("only llm/ reaches the model's provider", () => {
  expect(trespassers(/^openai/, (path) => path.startsWith("llm/"))).toEqual([]);
});

it("only tables, stores and db/ speak to the database", () => {
  const may = (path: string): boolean =>
    path.startsWith("db/") || /\.table\.ts$|-store\.ts$/.test(path);
  expect(trespassers(/^(drizzle-orm|pg|@neondatabase)/, may)).toEqual([]);
});

it("the task files and the parts that they are made of do no input or output", () => {
  const pureTaskFile =
    /^tasks\/(?:(?:types|options|prompts|answers|checks|extraction)\/|plain-report\.ts$)/;
  const purePackage = /^(?:zod|temporal-polyfill)$/;
  const pureFile = /^(?:engine|text)\/|^lib\/(?:format-count|json-object|time-zone)\.ts$/;
  const isPure = (path: string, from: string): boolean => {
    if (!from.startsWith(".")) return purePackage.test(from);
    const imported = join(dirname(path), from);
    return pureTaskFile.test(imported) || pureFile.test(imported);
  };
  const impure = sources
    .filter(({ path }) => pureTaskFile.test(path))
    .flatMap(({ path, imports }) =>
      imports.filter((from) => !isPure(path, from)).map((from) => `${path}: ${from}`),
    );
  expect(impure).toEqual([]);
});

it("the local engine and the question reader are pure: they import neither config nor bindings", () => {
  const inward = /config\.ts$|services\.ts$|deps\.ts$|^cloudflare:|\/db\//;
  const offLimits = /^(engine|questions\/reader)\//;
  expect(trespassers(inward, (path) => !offLimits.test(path))).toEqual([]);
});

it("errors.ts knows no HTTP framework", () => {
  expect(sources.find(({ path }) => path === "errors.ts")?.imports).toEqual([]);
});
