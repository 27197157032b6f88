import type { SQL } from "drizzle-orm";
import journal from "../../migrations/meta/_journal.json" with { type: "json" };
import packageJson from "../../package.json" with { type: "json" };
import type { Database, Queries } from "../db/database.ts";
import {
  fingerprintOf,
  fingerprintTerm,
  HISTORY,
  historyRows,
  historySpans,
  historyTable,
  newestMigration,
  readPage,
  sequencesOf,
  setTextForms,
  smallTables,
  takeCut,
  type Cut,
  type Page,
  type TableShape,
  type TimeSpan,
} from "./backup-store.ts";
import {
  FORMAT,
  instantOf,
  keyIdOf,
  partsOf,
  type Manifest,
  type Part,
  type Span,
  type Table,
} from "./manifest.ts";
import { partName, writePart, type Shelf } from "./part.ts";
import { MINUTE_MS } from "../lib/durations.ts";

/** Of lines; so much is done again after a crash. */
const PART_BYTES = 64 * 1024 * 1024;
/** In memory at once, with one row more. */
const PAGE_BYTES = 1024 * 1024;
const FIRST_PAGE_ROWS = 50;
const MAX_PAGE_ROWS = 2_000;
/** For the small tables, which one transaction reads. */
const TABLES_LIMIT_MS = 4 * MINUTE_MS;
/** For a slice of the history. Its work ends by itself long before. */
const SLICE_LIMIT_MS = MINUTE_MS;

export type CopyMeans = {
  database: Database;
  shelf: Pick<Shelf, "put">;
  backupKey: string | null;
};

/** An earlier backup, whose parts are used again where nothing has changed. */
export type Base = {
  manifest: Manifest;
  /** False for a part that was lost or is known to be damaged. */
  isSound: (part: Part) => boolean;
};

/** What a slice leaves for the next. Plain JSON. */
export type CopyState = {
  id: string;
  cut: Cut;
  migration: number;
  sequences: Record<string, string>;
  tables: Table[];
  history: TableShape;
  spans: TimeSpan[];
  /** Of the first spans, in their order. */
  done: Span[];
  /** The span that is being copied, as far as it goes. */
  open: { span: Span; after: string[] } | null;
  /** So far, so that each has a number of its own. */
  parts: number;
};

/** Fixes the cut and copies the small tables, all of one moment. */
export async function beginCopy(means: CopyMeans, id: string): Promise<CopyState> {
  return await means.database.snapshot(TABLES_LIMIT_MS, async (db) => {
    const cut = await takeCut(db);
    await setTextForms(db);
    const history = await historyTable(db);
    const shapes = await smallTables(db);
    const state: CopyState = {
      id,
      cut,
      migration: await newestMigration(db),
      sequences: await sequencesOf(db, [HISTORY, ...shapes.map(({ name }) => name)]),
      tables: [],
      history,
      spans: await historySpans(db),
      done: [],
      open: null,
      parts: 0,
    };
    for (const shape of shapes) state.tables.push(await copyTable(means, db, state, shape));
    return state;
  });
}

async function copyTable(
  means: CopyMeans,
  db: Queries,
  state: CopyState,
  shape: TableShape,
): Promise<Table> {
  const span = emptySpan({ from: null, to: null });
  for (let after: string[] | null = null; ;) {
    const copied = await copyPart(means, db, state, { shape, after, isEnough: () => false });
    if (!copied) return tableOf(shape, [span]);
    span.partes.push(copied.part);
    span.filas += copied.part.filas;
    after = copied.after;
  }
}

export function isCopied({ spans, done }: CopyState): boolean {
  return done.length === spans.length;
}

/** Copies the history further, until it is all copied or it `isEnough` for now; that also ends a part. */
export async function copyMore(
  means: CopyMeans,
  given: CopyState,
  base: Base | null,
  isEnough: () => boolean,
): Promise<CopyState> {
  const state = structuredClone(given);
  await means.database.snapshot(SLICE_LIMIT_MS, async (db) => {
    await setTextForms(db);
    do {
      const bounds = state.spans[state.done.length];
      if (!bounds) return;
      if (!state.open) {
        const settled = await unchanged(db, bounds, base, state.history);
        if (settled) {
          state.done.push(settled);
          continue;
        }
      }
      await copySpan(means, db, state, bounds, isEnough);
    } while (!isEnough());
  });
  return state;
}

/** The span as it stands in an earlier backup. */
async function unchanged(
  db: Queries,
  bounds: TimeSpan,
  base: Base | null,
  { columns }: TableShape,
): Promise<Span | undefined> {
  const earlier = base?.manifest.tablas.find(({ tabla }) => tabla === HISTORY);
  if (earlier?.columnas.join() !== columns.map(({ name }) => name).join()) return undefined;
  const known = earlier.tramos.find(
    ({ desde, hasta, partes }) =>
      desde === bounds.from && hasta === bounds.to && partes.every((part) => base?.isSound(part)),
  );
  if (!known) return undefined;
  const { rows, sum } = await fingerprintOf(db, bounds);
  return known.filas === rows && known.huella === sum ? known : undefined;
}

/** Adds one part to the span that is being copied, or ends it. */
async function copySpan(
  means: CopyMeans,
  db: Queries,
  state: CopyState,
  bounds: TimeSpan,
  isEnough: () => boolean,
): Promise<void> {
  const span = state.open?.span ?? { ...emptySpan(bounds), huella: "0" };
  const copied = await copyPart(means, db, state, {
    shape: state.history,
    rows: historyRows(bounds, state.cut.lastId),
    after: state.open?.after ?? null,
    isEnough,
    onPage: ({ keys }) => account(span, keys),
  });
  if (!copied) {
    state.done.push(span);
    state.open = null;
    return;
  }
  span.partes.push(copied.part);
  span.filas += copied.part.filas;
  state.open = { span, after: copied.after };
}

function account(span: Span, keys: readonly string[][]): void {
  let sum = BigInt(span.huella ?? 0);
  for (const [requestId = "", at = ""] of keys) {
    sum += fingerprintTerm(requestId);
    // PostgreSQL's texts of instants in one time zone sort as they do.
    if (span.primera === null || at < span.primera) span.primera = at;
    if (span.ultima === null || at > span.ultima) span.ultima = at;
  }
  span.huella = sum.toString();
}

type Wanted = {
  shape: TableShape;
  rows?: SQL;
  after: string[] | null;
  isEnough: () => boolean;
  onPage?: (page: Page) => void;
};

/** Undefined when there is nothing behind `after`. */
async function copyPart(
  { shelf, backupKey }: CopyMeans,
  db: Queries,
  state: CopyState,
  { shape, rows, after, isEnough, onPage }: Wanted,
): Promise<{ part: Part; after: string[] } | undefined> {
  const read = async (behind: string[] | null, limit: number): Promise<Page> =>
    await readPage(db, shape, rows, behind, { rows: limit, bytes: PAGE_BYTES });
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
  return { part: await writePart(shelf, name, pages(), backupKey), after: last };
}

/** As many as fit, if they are like the last ones. */
function nextPageRows(page: Page): number {
  const fitting = Math.ceil(PAGE_BYTES / (sizeOf(page) / page.lines.length));
  return Math.min(Math.max(fitting, 1), MAX_PAGE_ROWS);
}

function sizeOf({ lines }: Page): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function emptySpan({ from, to }: TimeSpan): Span {
  const nothing = { filas: 0, huella: null, primera: null, ultima: null, partes: [] };
  return { desde: from, hasta: to, ...nothing };
}

function tableOf({ name, columns }: TableShape, spans: Span[]): Table {
  return {
    tabla: name,
    columnas: columns.map((column) => column.name),
    filas: spans.reduce((sum, { filas }) => sum + filas, 0),
    // A span without rows says nothing.
    tramos: spans.filter(({ filas }) => filas > 0),
  };
}

/** What a copy that is finished comes to; everything but the seal. */
export function manifestOf(
  copy: CopyState,
  flows: Part[],
  backupKey: string | null,
): Omit<Manifest, "sello"> {
  const tablas = [tableOf(copy.history, copy.done), ...copy.tables];
  const newest = journal.entries.find(({ when }) => when === copy.migration);
  return {
    formato: FORMAT,
    id: copy.id,
    creada: new Date(instantOf(copy.id)).toISOString(),
    version: packageJson.version,
    esquema: { migracion: newest?.tag ?? "desconocida", cuando: copy.migration },
    corte: { instante: copy.cut.at, ultimo_id: copy.cut.lastId },
    clave: backupKey === null ? null : keyIdOf(backupKey),
    tablas,
    secuencias: copy.sequences,
    flujos: flows,
    filas: tablas.reduce((sum, { filas }) => sum + filas, 0),
    bytes: partsOf({ tablas, flujos: flows }).reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
