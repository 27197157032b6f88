import type { EntityKind } from "../../engine/extract/entity.ts";

/** Kinds that only rules find: better than a model, and at no cost. */
export const FOUND_BY_RULE: ReadonlySet<EntityKind> = new Set(["correo", "telefono", "url"]);
