import type { ProviderReport, ProviderTrouble } from "./provider-reports.ts";

/** The consecutive failed calls to the model's provider that isolates have reported. */
export class ProviderTroubleStore {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  record(report: ProviderReport, nowMs: number): void {
    if (report.answered) {
      this.#kv.delete("provider_trouble");
      return;
    }
    const known = this.read();
    this.#kv.put<ProviderTrouble>("provider_trouble", {
      sinceMs: known?.sinceMs ?? nowMs,
      calls: (known?.calls ?? 0) + report.calls,
      problem: report.problem,
    });
  }

  /** Null when the last reported call was answered. */
  read(): ProviderTrouble | null {
    return this.#kv.get<ProviderTrouble>("provider_trouble") ?? null;
  }
}
