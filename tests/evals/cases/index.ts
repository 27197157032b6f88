import type { EvalCase } from "../eval-case.ts";
import { CASES as clasificar } from "./clasificar.ts";
import { CASES as extraer } from "./extraer.ts";
import { CASES as generar } from "./generar.ts";
import { CASES as reporte } from "./reporte.ts";
import { CASES as resumir } from "./resumir.ts";
import { CASES as traducir } from "./traducir.ts";

/** The eval cases of each task. */
export const CORPUS: Record<string, EvalCase[]> = {
  resumir,
  traducir,
  clasificar,
  extraer,
  reporte,
  generar,
};
