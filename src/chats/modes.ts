import { TASK_TYPES, taskOf } from "../tasks/types/registry.ts";

/** What a chat can be set to do with the texts that follow. Wire values, with their slash on the way out. */
export const MODES = [...TASK_TYPES, "consultar"] as const;
export type Mode = (typeof MODES)[number];

export type ModeCommand =
  | { kind: "read" }
  | { kind: "clear" }
  | { kind: "set"; mode: Mode }
  | { kind: "unknown" };

/** Reads `modo` as old flows send it: null, "" and "null" read; a Telegram command may end in @bot's_name. */
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

/** For people: the commands there are. */
export function modeList(): string {
  return `${MODES.map(modeCommandName).join(", ")} y /limpiar`;
}
