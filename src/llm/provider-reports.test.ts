import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "../lib/durations.ts";
import { createProviderReporter, type ProviderReport } from "./provider-reports.ts";

function createIsolate() {
  const clock = { nowMs: 0 };
  const sent: ProviderReport[] = [];
  const report = createProviderReporter(
    async (one) => {
      sent.push(one);
    },
    () => clock.nowMs,
  );
  return { clock, sent, report };
}

describe("createProviderReporter", () => {
  it("reports a change at once and further failures once a minute", async () => {
    const { clock, sent, report } = createIsolate();
    await report("ok");
    await report("ok");
    expect(sent).toEqual([{ answered: true }]);
    await report("modelo_error");
    await report("modelo_error");
    await report("modelo_tiempo_agotado");
    expect(sent.slice(1)).toEqual([{ answered: false, calls: 1, problem: "modelo_error" }]);
    clock.nowMs += MINUTE_MS;
    await report("modelo_sin_saldo");
    expect(sent.slice(2)).toEqual([{ answered: false, calls: 3, problem: "modelo_sin_saldo" }]);
    await report("contenido_filtrado");
    expect(sent.slice(3)).toEqual([{ answered: true }]);
  });

  it("repeats that the provider answers every five minutes, for failures of other isolates", async () => {
    const { clock, sent, report } = createIsolate();
    for (let second = 0; second < 600; second += 1) {
      clock.nowMs = second * 1_000;
      await report("ok");
    }
    expect(sent).toHaveLength(2);
  });

  it("does not report problems that the provider did not cause", async () => {
    const { sent, report } = createIsolate();
    await report("falta_tarea");
    await report("motor_local_no_puede");
    expect(sent).toEqual([]);
  });
});
