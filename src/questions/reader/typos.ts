import levenshtein from "damerau-levenshtein";
import { wordSet } from "../../text/words.ts";

/** Chat abbreviations and frequent misspellings. */
const SHORTHAND: Readonly<Record<string, string>> = {
  q: "que",
  k: "que",
  ke: "que",
  x: "por",
  xfa: "por favor",
  xfavor: "por favor",
  pls: "please",
  d: "de",
  hize: "hice",
  hise: "hice",
  ize: "hice",
  ise: "hice",
  traduci: "traduje",
  traduge: "traduje",
  aller: "ayer",
};

/** No verbs, because a verb with a wrong letter may be another form with another meaning. */
const CORRECTABLE = (
  "traduccion traducciones resumenes clasificacion clasificaciones extraccion extracciones reportes " +
  "registro registros consultas mensajes ultimo ultima ultimos ultimas primero primera primeros primeras penultimo penultima antepenultimo antepenultima " +
  "cuantos cuantas semana pasada pasado anteayer febrero septiembre octubre noviembre diciembre miercoles " +
  "resultado historial translations summaries records yesterday"
).split(" ");

/** Correct words that are one letter away from a correctable one. */
const OTHER_WORDS = wordSet(
  "tradicion tradiciones calificacion calificaciones atraccion atracciones reporte reporta reporten deportes registra registre registrar registrado consulte consulto consultar consultan " +
    "mensajero cuanto cuanta cuentos cuentas cantos cuanticos ultimar ultime semanas semanal manana pasadas pasados pesada pesado posada casada casado pasar pasando " +
    "primeriza resulta resultados historia historias historiales translation summary summarise record recorded",
);

const MIN_CORRECTABLE_LENGTH = 6;

/**
 * The word that was meant: the only known word, or the only one of the same length, that is one letter or one swap
 * away. Undefined when there is none.
 */
export function correctTypo(word: string): string | undefined {
  const expansion = SHORTHAND[word];
  if (expansion !== undefined) return expansion;
  const isTooShort = word.length < MIN_CORRECTABLE_LENGTH - 1;
  if (isTooShort || /\d/.test(word) || OTHER_WORDS.has(word)) return undefined;
  const near = CORRECTABLE.filter(
    (known) => known.length >= MIN_CORRECTABLE_LENGTH && levenshtein(word, known).steps === 1,
  );
  const likely = near.length > 1 ? near.filter((known) => known.length === word.length) : near;
  return likely.length === 1 ? likely[0] : undefined;
}
