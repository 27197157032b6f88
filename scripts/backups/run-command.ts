import { isShuttingDown } from "../lib/cleanup.ts";
import { isParseArgsError } from "../lib/parse-args-error.ts";
import { backupCommand } from "./backup.command.ts";
import type { Command } from "./command-type.ts";
import { drillCommand } from "./drill.command.ts";
import { explainError } from "./explain-error.ts";
import { restoreCommand } from "./restore.command.ts";

const COMMANDS: Record<string, Command> = {
  backup: backupCommand,
  restore: restoreCommand,
  drill: drillCommand,
};

/** Runs a command and prints its progress. An error that the user can fix is printed too. Returns the exit code. */
export async function runCommand([name = "", ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (!command) throw new Error(`Unknown command: ${name}`);
  try {
    await command.run(args);
    return 0;
  } catch (error) {
    if (isShuttingDown()) return 1;
    const message = isParseArgsError(error)
      ? explainUsage(error, command.usage)
      : explainError(error);
    if (message === undefined) throw error;
    console.error(`✗ ${message}`);
    return 1;
  }
}

/** parseArgs reports in English, with the word that it did not understand in quotes. */
function explainUsage({ message }: Error, usage: string): string {
  const [, word = ""] = /'([^' ]+)/.exec(message) ?? [];
  return `No se entiende «${word}». Se usa así, con -- delante de las opciones: ${usage}`;
}
