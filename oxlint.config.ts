import { defineConfig } from "oxlint";

/**
 * The rooms of src/ from the bottom to the top. A room may import itself and the rooms before it; docs/architecture.md
 * gives the reasons. An entry with an ending is a single file.
 */
const ROOMS = [
  "errors.ts",
  "lib/",
  "text/",
  "engine/",
  "config.ts",
  "db/",
  "durable/",
  "llm/",
  "cache/",
  "notify/",
  "http/",
  "access/",
  "jobs/",
  "tasks/",
  "history/",
  "questions/",
  "reports/",
  "schema.ts",
  "backups/",
  "chats/",
  "health/",
  "alerts/",
  "coordinator/",
  "jobs/registry/",
  "services.ts",
  "deps.ts",
  "objects.ts",
  "api-docs/",
  "app.ts",
  "index.ts",
] as const;

type Room = (typeof ROOMS)[number];

const PURE_ROOMS: readonly Room[] = ["errors.ts", "lib/", "text/", "engine/"];

type ForbiddenImport = {
  message: string;
  regex?: string;
  group?: string[];
  allowTypeImports?: boolean;
};

const DATABASE: ForbiddenImport = {
  regex: "^(drizzle-orm|pg|@neondatabase)(/|$)",
  message: "Only src/db, *.table.ts and *-store.ts talk to the database.",
};

const MODEL_PROVIDER: ForbiddenImport = {
  regex: "^openai(/|$)",
  message: "Only src/llm talks to the model's provider.",
};

const RUNTIME: ForbiddenImport = {
  regex: "^cloudflare:",
  message: "This room is pure: it performs no input or output.",
};

/** Matches a relative import of one of the rooms, from any folder of src/. */
function importOf(rooms: readonly Room[]): string {
  // From inside jobs/, its registry is a neighbour.
  const paths = rooms.map((room) => (room === "jobs/registry/" ? "(jobs/)?registry/" : room));
  return `^(\\./|(\\.\\./)+)(${paths.join("|").replaceAll(".", String.raw`\.`)})`;
}

/** Files that may not import something. Of several entries that match a file, only the last one applies. */
function forbid(files: string[], patterns: ForbiddenImport[]) {
  const rule: ["error", object] = ["error", { patterns }];
  const excludeFiles = ["**/*.test.ts", "src/index.ts"];
  return { files, excludeFiles, rules: { "no-restricted-imports": rule } };
}

/** Applies to files that no later entry names. */
const unlistedRoom = forbid(
  ["src/**"],
  [{ regex: importOf(ROOMS), message: "Add this room to ROOMS in oxlint.config.ts first." }],
);

const layers = ROOMS.filter((room) => room !== "index.ts").flatMap((room) => {
  const restrictions: ForbiddenImport[] = [
    {
      regex: importOf(ROOMS.slice(ROOMS.indexOf(room) + 1)),
      message: `src/${room} may import only itself and the rooms before it in ROOMS of oxlint.config.ts.`,
    },
    ...(room === "llm/" ? [] : [MODEL_PROVIDER]),
    ...(PURE_ROOMS.includes(room) ? [RUNTIME] : []),
  ];
  if (!room.endsWith("/")) return [forbid([`src/${room}`], [...restrictions, DATABASE])];
  return [
    forbid([`src/${room}**`], room === "db/" ? restrictions : [...restrictions, DATABASE]),
    forbid([`src/${room}**/*.table.ts`, `src/${room}**/*-store.ts`], restrictions),
  ];
});

/** config.ts composes the *.config.ts of the rooms, which import nothing of their room. */
const settings = [
  forbid(
    ["src/config.ts"],
    [
      {
        group: ["./*/*", "!./lib/*", "!./*/*.config.ts"],
        message: "src/config.ts may import only lib/ and the *.config.ts of the rooms.",
      },
    ],
  ),
  forbid(
    ["src/*/*.config.ts"],
    [
      {
        regex: `^\\./|${importOf(ROOMS.filter((room) => room !== "lib/"))}`,
        message: "A *.config.ts may import only lib/.",
      },
    ],
  ),
];

/** These folders compute from their arguments: of the rooms with input or output they see only types. */
const pureFolders = forbid(
  ["types", "options", "prompts", "answers", "checks", "extraction"]
    .map((folder) => `src/tasks/${folder}/**`)
    .concat("src/questions/reader/**"),
  [
    {
      regex: importOf(ROOMS.slice(ROOMS.indexOf("config.ts")).filter((room) => room !== "tasks/")),
      message: "This folder is pure: it may import only types of rooms with input or output.",
      allowTypeImports: true,
    },
    { ...RUNTIME, allowTypeImports: true },
    DATABASE,
    MODEL_PROVIDER,
  ],
);

export default defineConfig({
  plugins: ["typescript", "import", "unicorn", "promise", "vitest"],
  options: { typeAware: true },
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["dist", ".wrangler", ".data", "tests/contract/client"],
  rules: {
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/return-await": ["error", "error-handling-correctness-only"],
    "typescript/switch-exhaustiveness-check": "error",
    "typescript/only-throw-error": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
    "import/no-cycle": ["error", { ignoreTypes: false }],
    "no-console": "error",
    // Duplicates `noImplicitReturns` of TypeScript.
    "typescript/consistent-return": "off",
    // z, sql and app objects are namespaces whose members are used on purpose.
    "import/no-named-as-default-member": "off",
    // Helpers that assert are called under many names.
    "vitest/expect-expect": "off",
    "vitest/no-conditional-expect": "off",
    // `[...a, ...(b ? [c] : [])]` builds lists with optional members.
    "unicorn/no-useless-spread": "off",
    "promise/always-return": "off",
    "unicorn/consistent-function-scoping": "off",
    "no-unmodified-loop-condition": "off",
  },
  overrides: [
    {
      files: ["scripts/**", "tests/**"],
      rules: { "no-console": "off", "typescript/no-unsafe-type-assertion": "off" },
    },
    {
      files: ["**/*.mjs", "src/api-docs/*.js"],
      rules: {
        "typescript/no-unsafe-argument": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/no-unsafe-call": "off",
        "typescript/no-unsafe-member-access": "off",
        "typescript/no-unsafe-return": "off",
        "typescript/strict-boolean-expressions": "off",
      },
    },
    unlistedRoom,
    ...layers,
    ...settings,
    pureFolders,
  ],
});
