import { TASK_TYPES, taskOf, type TaskType } from "../../tasks/types/registry.ts";

/** Words for each task: its results, and verbs that tell that it was done. Without accents. */
export function taskWords(type: TaskType): string {
  return `${taskOf(type).words}|(?:de|tipo|tarea) ${type}`;
}

export const ANY_TASK = TASK_TYPES.map((type) => taskOf(type).words).join("|");

/** Names of languages, Spanish and English, without accents, to ISO 639-1. */
export const LANGUAGES: Record<string, string> = {
  espanol: "es",
  castellano: "es",
  spanish: "es",
  ingles: "en",
  english: "en",
  frances: "fr",
  french: "fr",
  aleman: "de",
  german: "de",
  italiano: "it",
  italian: "it",
  portugues: "pt",
  portuguese: "pt",
  catalan: "ca",
  gallego: "gl",
  euskera: "eu",
  vasco: "eu",
  chino: "zh",
  chinese: "zh",
  japones: "ja",
  ruso: "ru",
  arabe: "ar",
};
export const LANGUAGE = Object.keys(LANGUAGES).join("|");

/** What a record is called. */
export const RECORD_WORDS =
  "registros?|consultas?|textos?|mensajes?|tareas?|peticion(?:es)?|solicitud(?:es)?|operacion(?:es)?|entradas?|historial|historico|cosas?|trabajos?|records?|requests?|queries|query|texts?|messages?|entries|entry|history|tasks?|things?";

/** What says that the past is meant: «qué hice», «lo que pedí». */
export const DEED_WORDS =
  "hice|hecho|hicimos|hiciste|pedi|pedido|pedimos|envie|enviado|mande|mandado|dije|dijiste|dicho|hable|hablado|hablamos|comente|comentado|pregunte|preguntado|consulte|consultado|escribi|escrito|respondiste|contestaste|procese|procesad[oa]s?|llevo|llevamos|use|usado|did|do|done|make|ask|asked|sent|send|made|said|say|wrote";

/** Words by which a question is known to be English: dates are written otherwise there. */
export const ENGLISH =
  "the|what|did|my|show|how|when|list my|on|records?|requests?|translations?|summaries|everything|since|between|from|before|after";

export const GREETINGS =
  "buen[oa]s (?:dias|tardes|noches)|buen dia|good (?:morning|afternoon|evening)";

const set = (words: string): Set<string> => new Set(words.split(" "));

/** Asked of anything: a date beside one of these says nothing about the history. */
export const QUESTION_WORDS = set(
  "que cual cuales fue era fueron estaba estaban es son ha han he hay habia tengo what which was is were are has have there",
);

/** Words that carry nothing: taken out last. What is left after them was not understood. */
export const FILLER = set(
  "dame dime dar das muestrame muestras muestra ensename ensenas ensena lista listame listar ver quiero queria quisiera necesito saber puedes podrias me mi mis nos nuestro nuestros " +
    "por favor porfa porfavor gracias oye hola buenas bot asistente a " +
    "el la los las lo un una unos unas de del al en y con para se te le su sus todo todos toda todas anteriores anterior reciente recientes nuevo nuevos nuevas nueva " +
    "ahora total totales yo tu vez veces algo ultimamente busca buscar encuentra recuerdame sacame pasame trae traeme salio dio " +
    "show one ones me give list get find tell see everything may can could you i we please my the a an of in on to so far all any anything only solo solamente that it from with for and would like want latest recent newest s",
);
