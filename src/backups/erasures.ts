import type { Config } from "../config.ts";
import { coordinatorStub } from "../coordinator/coordinator-stub.ts";
import type { Erasure } from "../coordinator/coordinator.object.ts";
import { heldUntil } from "./retention.ts";

/** The chats that were erased and that a backup may still hold, known outside of the database that may be lost. */
export type ErasureLog = {
  /** Idempotent. Does nothing where no backups are made. */
  note: (erasure: Erasure) => Promise<void>;
  all: () => Promise<Erasure[]>;
  /** `oldestBackupMs`: when the oldest backup began that is still there. */
  forgetOld: (oldestBackupMs: number) => Promise<void>;
};

export function createErasureLog(env: Env, config: Config, now: () => number): ErasureLog {
  const clock = () => coordinatorStub(env, config);
  return {
    async note(erasure) {
      if (!env.BACKUPS) return;
      await clock().noteErasure(erasure, heldUntil(config, now()).getTime());
    },
    all: () => clock().erasures(),
    forgetOld: (oldestBackupMs) => clock().forgetErasures(now(), oldestBackupMs),
  };
}
