import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { parsePage } from "../support/markdown.ts";

const ROOT = join(import.meta.dirname, "../..");
/** The pages name the files of these folders by path. */
const SOURCE_FOLDERS = ["src", "tests", "scripts", "migrations", "docs", "n8n-flows"];

const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => normalize(join(folder, path)))
    .filter((path) => !path.includes("node_modules"));

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...[...files("docs"), ...files(".github")].filter((path) => path.endsWith(".md")),
];
const FILE_NAMES = new Set(
  [...readdirSync(ROOT), ...SOURCE_FOLDERS.flatMap(files)].map((path) => basename(path)),
);

/** The path of a source file, anywhere on a page. */
const SOURCE_FILE =
  /(?<![\w./-])(?:src|tests|scripts|migrations)\/[\w./-]+\.(?:ts|mjs|sql|json)\b/g;
/** Pages that describe the current code. The changelog may name removed identifiers. */
const FOR_ENGINEERS = /^(?:CONTRIBUTING|docs\/(?:architecture|storage|decisions\/.*))\.md$/;
const IDENTIFIERS = new Set(
  ["src", "tests", "scripts"]
    .flatMap(files)
    .filter((path) => path.endsWith(".ts") && basename(path) !== basename(import.meta.filename))
    .flatMap((path) => readFileSync(join(ROOT, path), "utf8").match(/[A-Za-z_$][\w$]*/g) ?? []),
);

const pageAt = (path: string) => parsePage(readFileSync(join(ROOT, path), "utf8"));

it("finds the pages of the root, docs/ and .github/", () => {
  expect(PAGES).toEqual(
    expect.arrayContaining(["README.md", "docs/guia.md", ".github/PULL_REQUEST_TEMPLATE.md"]),
  );
});

it.for(PAGES)("finds no broken link in %s", (page) => {
  const broken = pageAt(page).links.filter(
    (link) => !/^[a-z]+:/.test(link) && !linkExists(page, link),
  );
  expect(broken).toEqual([]);
});

it.for(PAGES)("finds no missing file named in %s", (page) => {
  const missing = pageAt(page).codeSpans.filter((text) => isFileName(text) && !exists(text));
  expect(missing).toEqual([]);
});

it.for(PAGES)("finds no missing file in the commands and diagrams of %s", (page) => {
  const paths = readFileSync(join(ROOT, page), "utf8").match(SOURCE_FILE) ?? [];
  expect(paths.filter((path) => !exists(path))).toEqual([]);
});

it.for(PAGES.filter((page) => FOR_ENGINEERS.test(page)))(
  "finds no unknown identifier in %s",
  (page) => {
    const unknown = pageAt(page).codeSpans.filter(
      (text) => isIdentifier(text) && !IDENTIFIERS.has(text),
    );
    expect(unknown).toEqual([]);
  },
);

describe("the checks above", () => {
  it("find a missing file, heading, source file and identifier", () => {
    expect(linkExists("README.md", "docs/no-such-page.md")).toBe(false);
    expect(linkExists("README.md", "docs/guia.md#no-such-heading")).toBe(false);
    expect(linkExists("docs/guia.md", "#ajustes")).toBe(true);
    expect(exists("src/no-such-file.ts")).toBe(false);
    expect(exists("no-such-file.ts")).toBe(false);
    expect(exists("app.ts")).toBe(true);
    expect(isIdentifier("ChatObject") && IDENTIFIERS.has("ChatObject")).toBe(true);
    expect(isIdentifier("noSuchThing") && IDENTIFIERS.has("noSuchThing")).toBe(false);
  });

  it("derive heading anchors as GitHub does and ignore fenced code", () => {
    const { anchors, links } = parsePage(
      "# ¿Qué es `x`?\n## Qué es x\n## Qué es x\n```md\n# no\n[no](no.md)\n```\n[yes](yes.md#y)\n",
    );
    expect([...anchors]).toEqual(["qué-es-x", "qué-es-x-1", "qué-es-x-2"]);
    expect(links).toEqual(["yes.md#y"]);
  });
});

/** Returns whether the target of a relative link exists. */
function linkExists(page: string, link: string): boolean {
  const [path = "", anchor] = decodeURI(link).split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || (target.endsWith(".md") && pageAt(target).anchors.has(anchor));
}

/**
 * Returns whether a text is a path from the root or the name of a source file. Patterns like `*.table.ts` are neither.
 */
function isFileName(text: string): boolean {
  const path = new RegExp(`^(?:${SOURCE_FOLDERS.join("|")})/[\\w./-]*[\\w/-]$`);
  return path.test(text) || /^[\w.-]*\w\.(?:ts|mjs|sql)$/.test(text);
}

/** Returns whether a text is `camelCase` or `PascalCase` with at least two words. */
function isIdentifier(text: string): boolean {
  return /^[A-Za-z][a-z\d]+[A-Z]\w*$/.test(text);
}

function exists(name: string): boolean {
  return name.includes("/") ? existsSync(join(ROOT, name)) : FILE_NAMES.has(name);
}
