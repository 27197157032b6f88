import levenshtein from "damerau-levenshtein";

/** How people write in haste, and what they mean. */
const SHORTHAND: Record<string, string> = {
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

/** Nouns and the like: a verb with a wrong letter may be another form of it, which means something else. */
const OFTEN_MISTYPED = (
  "traduccion traducciones resumenes clasificacion clasificaciones extraccion extracciones reportes " +
  "registro registros consultas mensajes ultimo ultima ultimos ultimas primero primera primeros primeras penultimo penultima antepenultimo antepenultima " +
  "cuantos cuantas semana pasada pasado anteayer febrero septiembre octubre noviembre diciembre miercoles " +
  "resultado historial translations summaries records yesterday"
).split(" ");

/** Words that are another thing, one letter away from those. */
const OTHER_WORDS = new Set(
  (
    "tradicion tradiciones calificacion calificaciones atraccion atracciones reporte reporta reporten deportes registra registre registrar registrado consulte consulto consultar consultan " +
    "mensajero cuanto cuanta cuentos cuentas cantos cuanticos ultimar ultime semanas semanal manana pasadas pasados pesada pesado posada casada casado pasar pasando " +
    "primeriza resulta resultados historia historias historiales translation summary summarise record recorded"
  ).split(" "),
);

const LEAST_LETTERS = 6;

/**
 * The word that was meant, when only one known word is a letter or a swap of two away, or only one that is as long;
 * undefined otherwise.
 */
export function correct(word: string): string | undefined {
  const meant = SHORTHAND[word];
  if (meant !== undefined) return meant;
  if (word.length < LEAST_LETTERS - 1 || /\d/.test(word) || OTHER_WORDS.has(word)) return undefined;
  const near = OFTEN_MISTYPED.filter(
    (known) => known.length >= LEAST_LETTERS && levenshtein(word, known).steps === 1,
  );
  const likely = near.length > 1 ? near.filter((known) => known.length === word.length) : near;
  return likely.length === 1 ? likely[0] : undefined;
}
