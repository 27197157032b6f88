import { mkdtemp, rm, chmod } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { startFakeOpenAi } from "../../tests/support/fake-openai.ts";
import { migrate } from "../lib/migrate.ts";
import { startPostgres } from "../lib/postgres.ts";
import { sequentialMs, throughput } from "./load.ts";
import { startAssistant, startFloor, startPortkey, type Contender } from "./services.ts";

const ROUNDS = 7;
const CALLS_PER_ROUND = 25;
/** V8 compiles what is used often; who runs this for a day runs it compiled. */
const WARM_UP_ROUNDS = 5;
const CONNECTIONS = 10;
const HIT_ROUNDS = 5;
const HIT_ROUND_MS = 2_000;

/** What one still does behind its answers shall not fall into another's turn. */
const SETTLE_MS = 500;

const MISS_TARGET = 1.25;
const HIT_TARGET = 0.6;
/** A machine has its moods: only a miss by this much fails the run. */
const WIDE_MARGIN = 1.4;

const STORY =
  "La reunión de hoy trató tres asuntos. El presupuesto de 2027 sube un 4 %. La mudanza se aplaza a junio por las obras del edificio. Marta coordinará el nuevo horario con los equipos.";

/** `npm run bench`: ratios to the floor, all from one run on one machine. */
async function bench(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "asistente-bench-pg-"));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({
    dataDir: join(folder, "datos"),
    database: "bench",
    logFile: join(folder, "postgres.log"),
  });
  await migrate(postgres.url);
  const model = await startFakeOpenAi();
  const assistant = await startAssistant(model.url, postgres.url);
  const floor = await startFloor(model.url);
  const portkey = await startPortkey(model.url);
  try {
    return report(await measure(assistant, floor, portkey));
  } finally {
    await Promise.all([assistant.stop(), floor.stop(), portkey?.stop()]);
    await model.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Figures = {
  missMs: { assistant: number; floor: number; portkey: number | undefined };
  /** CPU of the whole process for one miss, with what it does behind its answer; NaN where it cannot be told. */
  missCpuMs: { assistant: number; floor: number };
  hitsPerSecond: { assistant: number; floor: number };
};

/** The contenders take turns within each round, so that what the machine does meanwhile hits all alike. */
async function measure(
  assistant: Contender,
  floor: Contender,
  portkey: Contender | undefined,
): Promise<Figures> {
  const missMs: Record<"assistant" | "floor" | "portkey", number[]> = {
    assistant: [],
    floor: [],
    portkey: [],
  };
  const missCpuMs: Record<"assistant" | "floor", number[]> = { assistant: [], floor: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const texts = Array.from(
      { length: CALLS_PER_ROUND },
      (_, call) => `${STORY} Nota ${round}.${call}.`,
    );
    const turn = async (contender: Contender): Promise<{ ms: number; cpuMs: number }> => {
      const cpuBefore = contender.cpuMs() ?? Number.NaN;
      const ms = await sequentialMs(contender, texts);
      await wait(SETTLE_MS);
      const cpuAfter = contender.cpuMs() ?? Number.NaN;
      return { ms, cpuMs: (cpuAfter - cpuBefore) / CALLS_PER_ROUND };
    };
    const turns = {
      assistant: await turn(assistant),
      floor: await turn(floor),
      portkey: portkey && (await turn(portkey)),
    };
    if (round < 0) continue;
    for (const name of ["assistant", "floor"] as const) {
      missMs[name].push(turns[name].ms);
      missCpuMs[name].push(turns[name].cpuMs);
    }
    if (turns.portkey) missMs.portkey.push(turns.portkey.ms);
  }

  const hits: Record<"assistant" | "floor", number[]> = { assistant: [], floor: [] };
  for (let round = -1; round < HIT_ROUNDS; round += 1) {
    const options = { connections: CONNECTIONS, durationMs: HIT_ROUND_MS };
    const [ours, theirs] = [
      await throughput(assistant, STORY, options),
      await throughput(floor, STORY, options),
    ];
    if (round < 0) continue;
    hits.assistant.push(ours);
    hits.floor.push(theirs);
  }
  return {
    missMs: {
      assistant: median(missMs.assistant),
      floor: median(missMs.floor),
      portkey: portkey && median(missMs.portkey),
    },
    missCpuMs: { assistant: median(missCpuMs.assistant), floor: median(missCpuMs.floor) },
    hitsPerSecond: { assistant: median(hits.assistant), floor: median(hits.floor) },
  };
}

function report({ missMs, missCpuMs, hitsPerSecond }: Figures): number {
  const missRatio = missMs.assistant / missMs.floor;
  const hitRatio = hitsPerSecond.assistant / hitsPerSecond.floor;
  const [cpu] = cpus();
  console.log(`
${cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}

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
  const missed = [
    missRatio > MISS_TARGET * WIDE_MARGIN && "miss",
    hitRatio < HIT_TARGET / WIDE_MARGIN && "hit",
  ].filter((name) => name !== false);
  if (missed.length > 0) console.error(`✗ Far from its target: ${missed.join(", ")}.`);
  return missed.length === 0 ? 0 : 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

process.exitCode = await bench();
