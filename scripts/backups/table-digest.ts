import type { SQL } from "drizzle-orm";
import { readPage, type TableShape } from "../../src/backups/backup-store.ts";
import type { Queries } from "../../src/db/database.ts";
import { LineDigest } from "./line-digest.ts";

const PAGE_LIMITS = { rows: 2_000, bytes: 1_000_000 };

/** Digests the rows of a table as a backup writes them. Call setTextFormats first. `rows`: a condition, default all rows. */
export async function digestTable(db: Queries, shape: TableShape, rows?: SQL): Promise<LineDigest> {
  const digest = new LineDigest();
  for (let after: string[] | null = null; ;) {
    const page = await readPage(db, shape, rows, after, PAGE_LIMITS);
    if (!page.after) return digest;
    digest.add(page.lines);
    after = page.after;
  }
}
