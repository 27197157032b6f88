import journal from "../../migrations/meta/_journal.json" with { type: "json" };
import packageJson from "../../package.json" with { type: "json" };
import type { Database, Queries } from "../db/database.ts";
import {
  fingerprintOf,
  fingerprintOfRow,
  HISTORY,
  historyRows,
  historyRanges,
  historyTable,
  newestMigration,
  readPage,
  sequencesOf,
  setTextFormats,
  smallTables,
  takeCut,
  type Cut,
  type Page,
  type RowFilter,
  type TableShape,
  type DateRange,
} from "./backup-store.ts";
import {
  backupStartMs,
  keyIdOf,
  partsOf,
  type BackupPart,
  type BackupRange,
  type BackupTable,
  type Manifest,
} from "./manifest.ts";
import { partName, writePart, type BackupStorage } from "./part.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** Plain lines per part. After a crash, at most one part is copied again. */
const PART_BYTES = 64 * 1024 * 1024;
/** Rows held in memory; the last row may exceed it. */
const PAGE_BYTES = 1024 * 1024;
const FIRST_PAGE_ROWS = 50;
const MAX_PAGE_ROWS = 2_000;
/** Deadline of the transaction that reads the small tables. */
const TABLES_TIMEOUT_MS = 4 * MINUTE_MS;
/** Deadline of a slice of the history. A slice normally stops itself long before. */
const SLICE_TIMEOUT_MS = MINUTE_MS;

export type CopyContext = {
  database: Database;
  storage: Pick<BackupStorage, "put">;
  backupKey: string | null;
};

/** An earlier backup. Its parts are reused for ranges that have not changed. */
export type BaseBackup = {
  manifest: Manifest;
  /** False for a part that is missing or known to be damaged. */
  isIntact: (part: BackupPart) => boolean;
};

/** Increase it when `CopyState` changes: a run with a state of another version copies everything again. */
const STATE_VERSION = 2;

/** State between slices. Plain JSON: the job keeps it on its disk. */
export type CopyState = {
  version: typeof STATE_VERSION;
  id: string;
  cut: Cut;
  migration: number;
  sequences: Record<string, string>;
  tables: BackupTable[];
  history: TableShape;
  /** All ranges of the history to copy. */
  ranges: DateRange[];
  /** The copied ranges: the first ones of `ranges`, in the same order. */
  done: BackupRange[];
  /** The range in progress; `after` is the key of its last copied row. */
  open: { range: BackupRange; after: string[] } | null;
  /** Parts written so far; numbers the next part. */
  parts: number;
};

/** False for the state of a run that another version of the program began. */
export function isCurrentState(state: { version?: unknown }): boolean {
  return state.version === STATE_VERSION;
}

/** Fixes the cut and copies the small tables, all from one snapshot. */
export async function beginCopy(context: CopyContext, id: string): Promise<CopyState> {
  return await context.database.snapshot(TABLES_TIMEOUT_MS, async (db) => {
    const cut = await takeCut(db);
    await setTextFormats(db);
    const history = await historyTable(db);
    const shapes = await smallTables(db);
    const state: CopyState = {
      version: STATE_VERSION,
      id,
      cut,
      migration: await newestMigration(db),
      sequences: await sequencesOf(db, [HISTORY, ...shapes.map(({ name }) => name)]),
      tables: [],
      history,
      ranges: await historyRanges(db),
      done: [],
      open: null,
      parts: 0,
    };
    for (const shape of shapes) state.tables.push(await copyTable(context, db, state, shape));
    return state;
  });
}

async function copyTable(
  context: CopyContext,
  db: Queries,
  state: CopyState,
  shape: TableShape,
): Promise<BackupTable> {
  const range = emptyRange({ from: null, to: null });
  for (let after: string[] | null = null; ;) {
    const copied = await copyPart(context, db, state, { shape, after, isEnough: () => false });
    if (!copied) return toTable(shape, [range]);
    range.parts.push(copied.part);
    range.rows += copied.part.rows;
    after = copied.after;
  }
}

export function isCopied({ ranges, done }: CopyState): boolean {
  return done.length === ranges.length;
}

/** Continues copying the history until it is complete or `isEnough` returns true, which also ends the current part. */
export async function copyMore(
  context: CopyContext,
  given: CopyState,
  base: BaseBackup | null,
  isEnough: () => boolean,
): Promise<CopyState> {
  const state = structuredClone(given);
  await context.database.snapshot(SLICE_TIMEOUT_MS, async (db) => {
    await setTextFormats(db);
    do {
      const bounds = state.ranges[state.done.length];
      if (!bounds) return;
      if (!state.open) {
        const reused = await findUnchanged(db, bounds, base, state.history);
        if (reused) {
          state.done.push(reused);
          continue;
        }
      }
      await copyRange(context, db, state, bounds, isEnough);
    } while (!isEnough());
  });
  return state;
}

/** Returns the range of the earlier backup when its rows have not changed since. */
async function findUnchanged(
  db: Queries,
  bounds: DateRange,
  base: BaseBackup | null,
  { columns }: TableShape,
): Promise<BackupRange | undefined> {
  const earlier = base?.manifest.tables.find(({ name }) => name === HISTORY);
  if (earlier?.columns.join() !== columns.map(({ name }) => name).join()) return undefined;
  const known = earlier.ranges.find(
    ({ from, to, parts }) =>
      from === bounds.from && to === bounds.to && parts.every((part) => base?.isIntact(part)),
  );
  if (!known) return undefined;
  const { rows, sum } = await fingerprintOf(db, bounds);
  return known.rows === rows && known.fingerprint === sum ? known : undefined;
}

/** Adds one part to the range in progress, or completes the range. */
async function copyRange(
  context: CopyContext,
  db: Queries,
  state: CopyState,
  bounds: DateRange,
  isEnough: () => boolean,
): Promise<void> {
  const range = state.open?.range ?? { ...emptyRange(bounds), fingerprint: "0" };
  const copied = await copyPart(context, db, state, {
    shape: state.history,
    rows: historyRows(bounds, state.cut.lastId),
    after: state.open?.after ?? null,
    isEnough,
    onPage: ({ keys }) => addKeys(range, keys),
  });
  if (!copied) {
    state.done.push(range);
    state.open = null;
    return;
  }
  range.parts.push(copied.part);
  range.rows += copied.part.rows;
  state.open = { range, after: copied.after };
}

/** Adds the rows with these keys to the fingerprint and the dates of a range. */
function addKeys(range: BackupRange, keys: readonly string[][]): void {
  let sum = BigInt(range.fingerprint ?? 0);
  for (const [requestId = "", at = ""] of keys) {
    sum += fingerprintOfRow(requestId);
    // PostgreSQL's text form of instants in one time zone sorts by time.
    if (range.oldest === null || at < range.oldest) range.oldest = at;
    if (range.newest === null || at > range.newest) range.newest = at;
  }
  range.fingerprint = sum.toString();
}

type PartRequest = {
  shape: TableShape;
  rows?: RowFilter;
  after: string[] | null;
  isEnough: () => boolean;
  onPage?: (page: Page) => void;
};

/** Copies rows into one part. Undefined when no row follows `after`. */
async function copyPart(
  { storage, backupKey }: CopyContext,
  db: Queries,
  state: CopyState,
  { shape, rows, after, isEnough, onPage }: PartRequest,
): Promise<{ part: BackupPart; after: string[] } | undefined> {
  const read = async (key: string[] | null, limit: number): Promise<Page> =>
    await readPage(db, shape, rows, key, { rows: limit, bytes: PAGE_BYTES });
  const first = await read(after, FIRST_PAGE_ROWS);
  if (!first.after) return undefined;

  let last = first.after;
  const pages = async function* (): AsyncGenerator<string[]> {
    let bytes = 0;
    for (let page = first; page.after; page = await read(last, nextPageRows(page))) {
      onPage?.(page);
      last = page.after;
      yield page.lines;
      bytes += sizeOf(page);
      if (bytes >= PART_BYTES || isEnough()) return;
    }
  };
  state.parts += 1;
  const name = partName(state.id, shape.name, state.parts, backupKey);
  return { part: await writePart(storage, name, pages(), backupKey), after: last };
}

/** Estimates how many rows fit the next page from the size of the last one. */
function nextPageRows(page: Page): number {
  const fitting = Math.ceil(PAGE_BYTES / (sizeOf(page) / page.lines.length));
  return Math.min(Math.max(fitting, 1), MAX_PAGE_ROWS);
}

function sizeOf({ lines }: Page): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function emptyRange({ from, to }: DateRange): BackupRange {
  return { from, to, rows: 0, fingerprint: null, oldest: null, newest: null, parts: [] };
}

function toTable({ name, columns }: TableShape, ranges: BackupRange[]): BackupTable {
  return {
    name,
    columns: columns.map((column) => column.name),
    rows: ranges.reduce((sum, { rows }) => sum + rows, 0),
    ranges: ranges.filter(({ rows }) => rows > 0),
  };
}

/** Builds the manifest of a completed copy. */
export function toBackupManifest(
  copy: CopyState,
  flows: BackupPart[],
  backupKey: string | null,
): Manifest {
  const tables = [toTable(copy.history, copy.done), ...copy.tables];
  const newest = journal.entries.find(({ when }) => when === copy.migration);
  return {
    id: copy.id,
    createdAt: new Date(backupStartMs(copy.id)).toISOString(),
    programVersion: packageJson.version,
    schema: { migration: newest?.tag ?? "desconocida", journalMs: copy.migration },
    cut: copy.cut,
    keyId: backupKey === null ? null : keyIdOf(backupKey),
    tables,
    sequences: copy.sequences,
    flows,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    sizeBytes: partsOf({ tables, flows }).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
