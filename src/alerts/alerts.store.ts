import type { AlertState } from "./alert-state.ts";

/** Where the states of the alerts are kept between two runs of the job `alertas`. */
export class AlertsStore {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  read(): AlertState[] {
    return this.#kv.get<AlertState[]>("alerts") ?? [];
  }

  save(states: AlertState[]): void {
    this.#kv.put("alerts", states);
  }
}
