import type { ChatErasure } from "../history/chat-erasure.ts";
import type { Config } from "../config.ts";
import { backupsHoldUntil } from "./retention.ts";

/** The chats that were erased and that a backup may still hold. It is kept outside the database, which may be lost. */
export type ErasureLog = {
  /** Idempotent. Does nothing where no backups are made. */
  note: (erasure: ChatErasure) => Promise<void>;
  all: () => Promise<ChatErasure[]>;
  /** `oldestBackupMs`: when the oldest backup that still exists began. */
  forgetOld: (oldestBackupMs: number) => Promise<void>;
};

type Coordinator = {
  recordErasure: (erasure: ChatErasure, heldUntilMs: number) => Promise<void>;
  listErasures: () => Promise<ChatErasure[]>;
  forgetErasures: (nowMs: number, oldestBackupMs: number) => Promise<void>;
};

type Options = { config: Config; hasBackups: boolean; now: () => number };

export function createErasureLog(
  coordinator: () => Coordinator,
  { config, hasBackups, now }: Options,
): ErasureLog {
  return {
    async note(erasure) {
      if (!hasBackups) return;
      await coordinator().recordErasure(erasure, backupsHoldUntil(config, now()).getTime());
    },
    all: () => coordinator().listErasures(),
    forgetOld: (oldestBackupMs) => coordinator().forgetErasures(now(), oldestBackupMs),
  };
}
