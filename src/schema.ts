/** Every table, for drizzle-kit. The Worker imports tables from their own rooms. */
export { keys } from "./access/claves.table.ts";
export { erasedChats, history } from "./history/history.table.ts";
export { runs } from "./jobs/runner/runs.table.ts";
export { deliveries, reports, subscriptions } from "./reports/reports.table.ts";
