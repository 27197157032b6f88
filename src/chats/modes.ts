import { TASK_TYPES, taskOf } from "../tasks/types/registry.ts";

/** What a chat does with a text that names no task. Wire values; replies show them with a slash. */
export const MODES = [...TASK_TYPES, "consultar"] as const;
export type Mode = (typeof MODES)[number];

type ModeCommand =
  | { kind: "read" }
  | { kind: "clear" }
  | { kind: "set"; mode: Mode }
  | { kind: "unknown" };

/** Parses `modo` as flows send it: null, "" and "null" read the mode; a Telegram command may end in `@bot_name`. */
export function parseModeCommand(modo: string | null | undefined): ModeCommand {
  const word = (modo ?? "")
    .trim()
    .toLowerCase()
    .replace(/^\//, "")
    .replace(/@\w{1,64}$/, "");
  if (word === "" || word === "null") return { kind: "read" };
  if (word === "limpiar") return { kind: "clear" };
  const mode = MODES.find((known) => known === word);
  return mode ? { kind: "set", mode } : { kind: "unknown" };
}

export function modeCommandName(mode: Mode): string {
  return `/${mode}`;
}

export function modeQuestion(mode: Mode): string {
  return taskOf(mode).question;
}

/** The available commands, for people. */
export function modeList(): string {
  return `${MODES.map(modeCommandName).join(", ")} y /limpiar`;
}
