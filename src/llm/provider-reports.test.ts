import { expect, it } from "vitest";
import { createProviderNews, type ProviderNews } from "./provider-reports.ts";
import { MINUTE_MS } from "../lib/durations.ts";

function isolate() {
  const clock = { nowMs: 0 };
  const told: ProviderNews[] = [];
  const note = createProviderNews(
    async (news) => {
      told.push(news);
    },
    () => clock.nowMs,
  );
  return { clock, told, note };
}

it("tells a change at once, and more of the same now and then", async () => {
  const { clock, told, note } = isolate();
  await note("ok");
  await note("ok");
  expect(told).toEqual([{ answered: true }]);
  await note("modelo_error");
  await note("modelo_error");
  await note("modelo_tiempo_agotado");
  expect(told.slice(1)).toEqual([{ answered: false, calls: 1, problem: "modelo_error" }]);
  clock.nowMs += MINUTE_MS;
  await note("modelo_sin_saldo");
  expect(told.slice(2)).toEqual([{ answered: false, calls: 3, problem: "modelo_sin_saldo" }]);
  await note("contenido_filtrado");
  expect(told.slice(3)).toEqual([{ answered: true }]);
});

it("tells of answers every five minutes, since another isolate may have seen failures", async () => {
  const { clock, told, note } = isolate();
  for (let second = 0; second < 600; second += 1) {
    clock.nowMs = second * 1_000;
    await note("ok");
  }
  expect(told).toHaveLength(2);
});

it("says nothing of what is not the provider's doing", async () => {
  const { told, note } = isolate();
  await note("falta_tarea");
  await note("motor_local_no_puede");
  expect(told).toEqual([]);
});
