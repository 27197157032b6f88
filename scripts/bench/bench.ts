import { setTimeout as wait } from "node:timers/promises";
import { startFakeOpenAi } from "../../tests/support/fake-openai.ts";
import { median } from "../lib/median.ts";
import { migrate } from "../lib/migrate.ts";
import { averageLatencyMs, throughput } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { startAssistant, startFloor, startPortkey, type Contender } from "./services.ts";
import { withTemporaryPostgres } from "./temporary-postgres.ts";

const MISS_ROUNDS = 7;
const CALLS_PER_ROUND = 25;
/** V8 compiles a function only after many calls. A service that runs for a day runs compiled code. */
const WARM_UP_ROUNDS = 5;
const CONNECTIONS = 10;
const HIT_ROUNDS = 5;
const HIT_ROUND_MS = 2_000;

/** Pause after a turn, so that work in the background does not count in the next contender's turn. */
const SETTLE_MS = 500;

const MISS_TARGET = 1.25;
const HIT_TARGET = 0.6;
/** Tolerance for noise of the machine: the run fails only if a ratio misses its target by this factor. */
const NOISE_FACTOR = 1.4;

const SAMPLE_TEXT =
  "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. La mudanza se aplaza a junio por las obras del edificio. Marta coordinará el nuevo horario con los equipos.";

/** `npm run bench`: compares the assistant, a floor of platform operations and a gateway, in one run on one machine. */
async function main(): Promise<number> {
  return await withTemporaryPostgres(async (postgresUrl) => {
    await migrate(postgresUrl);
    const model = await startFakeOpenAi();
    const assistant = await startAssistant(model.url, postgresUrl);
    const floor = await startFloor(model.url);
    const portkey = await startPortkey(model.url);
    try {
      return report({
        ...(await measureMisses(assistant, floor, portkey)),
        hitsPerSecond: await measureHits(assistant, floor),
      });
    } finally {
      await Promise.all([assistant.stop(), floor.stop(), portkey?.stop()]);
      await model.stop();
    }
  });
}

/** Medians of the rounds. */
type MissFigures = {
  missMs: { assistant: number; floor: number; portkey: number | undefined };
  /** CPU time of the whole process per call, background work included. NaN if the system does not report it. */
  missCpuMs: { assistant: number; floor: number };
};
type HitsPerSecond = { assistant: number; floor: number };
type Figures = MissFigures & { hitsPerSecond: HitsPerSecond };

/** Calls with a new text each. The contenders take turns in each round, so that noise of the machine affects all. */
async function measureMisses(
  assistant: Contender,
  floor: Contender,
  portkey: Contender | undefined,
): Promise<MissFigures> {
  const turns: Record<"assistant" | "floor" | "portkey", Turn[]> = {
    assistant: [],
    floor: [],
    portkey: [],
  };
  for (let round = -WARM_UP_ROUNDS; round < MISS_ROUNDS; round += 1) {
    const texts = Array.from(
      { length: CALLS_PER_ROUND },
      (_, call) => `${SAMPLE_TEXT} Nota ${round}.${call}.`,
    );
    const assistantTurn = await takeTurn(assistant, texts);
    const floorTurn = await takeTurn(floor, texts);
    const portkeyTurn = portkey && (await takeTurn(portkey, texts));
    if (round < 0) continue;
    turns.assistant.push(assistantTurn);
    turns.floor.push(floorTurn);
    if (portkeyTurn) turns.portkey.push(portkeyTurn);
  }
  const medianOf = (name: keyof typeof turns, measure: keyof Turn): number =>
    median(turns[name].map((turn) => turn[measure]));
  return {
    missMs: {
      assistant: medianOf("assistant", "latencyMs"),
      floor: medianOf("floor", "latencyMs"),
      portkey: portkey && medianOf("portkey", "latencyMs"),
    },
    missCpuMs: { assistant: medianOf("assistant", "cpuMs"), floor: medianOf("floor", "cpuMs") },
  };
}

/** Averages per call. */
type Turn = { latencyMs: number; cpuMs: number };

async function takeTurn(contender: Contender, texts: readonly string[]): Promise<Turn> {
  const cpuBeforeMs = contender.cpuMs() ?? Number.NaN;
  const latencyMs = await averageLatencyMs(contender, texts);
  await wait(SETTLE_MS);
  const cpuAfterMs = contender.cpuMs() ?? Number.NaN;
  return { latencyMs, cpuMs: (cpuAfterMs - cpuBeforeMs) / texts.length };
}

/** Calls that all send the same text. */
async function measureHits(assistant: Contender, floor: Contender): Promise<HitsPerSecond> {
  const load = { connections: CONNECTIONS, durationMs: HIT_ROUND_MS };
  const rates: Record<keyof HitsPerSecond, number[]> = { assistant: [], floor: [] };
  for (let round = -1; round < HIT_ROUNDS; round += 1) {
    const assistantRate = await throughput(assistant, SAMPLE_TEXT, load);
    const floorRate = await throughput(floor, SAMPLE_TEXT, load);
    // The first round fills the cache.
    if (round < 0) continue;
    rates.assistant.push(assistantRate);
    rates.floor.push(floorRate);
  }
  return { assistant: median(rates.assistant), floor: median(rates.floor) };
}

function report({ missMs, missCpuMs, hitsPerSecond }: Figures): number {
  const missRatio = missMs.assistant / missMs.floor;
  const hitRatio = hitsPerSecond.assistant / hitsPerSecond.floor;
  console.log(`
${describeMachine()}, Node ${process.versions.node}

| measure | floor | assistant | ratio | target |
| --- | --- | --- | --- | --- |
| miss, ms a call | ${missMs.floor.toFixed(2)} | ${missMs.assistant.toFixed(2)} | ${missRatio.toFixed(2)} | ≤ ${MISS_TARGET} |
| miss, ms of CPU a call | ${missCpuMs.floor.toFixed(1)} | ${missCpuMs.assistant.toFixed(1)} | ${(missCpuMs.assistant / missCpuMs.floor).toFixed(2)} | |
| hit, answers a second | ${hitsPerSecond.floor.toFixed(0)} | ${hitsPerSecond.assistant.toFixed(0)} | ${hitRatio.toFixed(2)} | ≥ ${HIT_TARGET} |
`);
  if (missMs.portkey !== undefined) {
    const ratio = (missMs.portkey / missMs.floor).toFixed(2);
    console.log(
      `@portkey-ai/gateway, the same call: ${missMs.portkey.toFixed(2)} ms, ${ratio} × the floor.`,
    );
  }
  const missedTargets = [
    missRatio > MISS_TARGET * NOISE_FACTOR && "miss",
    hitRatio < HIT_TARGET / NOISE_FACTOR && "hit",
  ].filter((name) => name !== false);
  if (missedTargets.length > 0) {
    console.error(`✗ Far from its target: ${missedTargets.join(", ")}.`);
  }
  return missedTargets.length === 0 ? 0 : 1;
}

process.exitCode = await main();
