import { index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { JOB_NAMES, RUN_ORIGINS, RUN_RESULTS, type Counts } from "../job.ts";

/** Finished runs of scheduled jobs. */
export const runs = pgTable(
  "ejecuciones",
  {
    id: uuid("id").notNull(),
    job: text("trabajo", { enum: JOB_NAMES }).notNull(),
    origin: text("origen", { enum: RUN_ORIGINS }).notNull(),
    startedAt: timestamp("inicio", { withTimezone: true }).notNull(),
    endedAt: timestamp("fin", { withTimezone: true }).notNull(),
    result: text("resultado", { enum: RUN_RESULTS }).notNull(),
    counts: jsonb("recuentos").$type<Counts>().notNull(),
    error: text("error"),
  },
  (table) => [
    primaryKey({ columns: [table.id] }),
    index("ejecuciones_trabajo").on(table.job, table.startedAt),
  ],
);
