import type { EntityKind } from "../../engine/extract/entity.ts";

/** Every kind of entity, in the order of the answer's text. */
export const ENTITY_KINDS = [
  "persona",
  "organizacion",
  "lugar",
  "fecha",
  "numero",
  "importe",
  "correo",
  "telefono",
  "url",
] as const satisfies readonly EntityKind[];

/** Kinds that only rules find: better than a model, and at no cost. */
export const FOUND_BY_RULE: ReadonlySet<EntityKind> = new Set(["correo", "telefono", "url"]);
