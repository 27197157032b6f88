import { AppError } from "../errors.ts";
import type { JsonObject } from "../lib/json-object.ts";
import { parseOwnJson } from "../lib/own-json.ts";
import type { Mode } from "./modes.ts";

/** What a client chose for a chat. `options` are JSON text, since RPC does not type arbitrary objects. */
export type ModeChoice = {
  mode: Mode | null;
  /** False: the mode serves one task and is then cleared. */
  fixed: boolean;
  options: string | null;
};

/** `turn` counts the choices, to distinguish a later choice from an earlier one. */
export type ModeState = ModeChoice & { turn: number };

type TaskMode = Exclude<Mode, "consultar">;

const NO_MODE: ModeState = { mode: null, fixed: false, options: null, turn: 0 };

/** The mode of one chat, under the key `mode` on its disk. */
export class ChatModes {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  current(): ModeState {
    return { ...NO_MODE, ...this.#kv.get<Partial<ModeState>>("mode") };
  }

  choose(choice: ModeChoice): void {
    this.#kv.put("mode", { ...choice, turn: this.current().turn + 1 } satisfies ModeState);
  }

  /** The task that the mode names, with the options kept for it. @throws {AppError} falta_tarea */
  requireTask(): { type: TaskMode; options: JsonObject } {
    const { mode, options } = this.current();
    if (mode !== null && mode !== "consultar") {
      return { type: mode, options: options === null ? {} : parseOwnJson<JsonObject>(options) };
    }
    throw new AppError("falta_tarea", {
      detail:
        mode === "consultar"
          ? "Este chat está en modo /consultar: pregunta por su historial en /api/v1/consultar-inteligente, o envía tipo_tarea."
          : "Envía tipo_tarea, o elige antes un modo para este chat en /api/v1/estado.",
      fields: [{ campo: "tipo_tarea", mensaje: "falta, y el chat no tiene un modo de tarea" }],
    });
  }

  /** Clears a mode that serves one task, and returns it for `giveBack`. Null: the mode is fixed and stays. */
  take(): ModeState | null {
    const taken = this.current();
    if (taken.fixed) return null;
    this.choose({ mode: null, fixed: false, options: null });
    return taken;
  }

  /** Restores a mode whose task failed, unless the client has chosen again since `take`. */
  giveBack(taken: ModeState): void {
    if (this.current().turn === taken.turn + 1) this.#kv.put("mode", taken);
  }

  erase(): void {
    this.#kv.delete("mode");
  }
}
