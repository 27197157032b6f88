import { TASK_TYPES, taskOf, type TaskType } from "../../tasks/types/registry.ts";

/** Words for each task: its results, and verbs that tell that it was done. Without accents. */
export function taskWords(type: TaskType): string {
  return `${taskOf(type).historyWords}|(?:de|tipo|tarea) ${type}`;
}

export const ANY_TASK = TASK_TYPES.map((type) => taskOf(type).historyWords).join("|");

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

/** Asks to be told or shown something. */
export const GIVING =
  "dame|dime|decime|muestrame|mostrame|ensename|mandame|enviame|pasame|sacame|listame|lista|quiero|ver|traeme|show|list|get|give|me";

/** What says that the past is meant: «qué hice», «lo que pedí». */
export const DEED_WORDS =
  "hice|hecho|hicimos|hiciste|pedi|pedido|pedimos|envie|enviado|mande|mandado|dije|dijiste|dicho|hable|hablado|hablamos|comente|comentado|pregunte|preguntado|consulte|consultado|escribi|escrito|respondiste|contestaste|procese|procesad[oa]s?|llevo|llevamos|use|usado|te pase|solicite|solicitado|realice|realizado|did|do|done|make|ask|asked|sent|send|made|said|say|wrote";

/** Words by which a question is known to be English: dates are written otherwise there. */
export const ENGLISH =
  "the|what|did|my|show|how|when|list my|on|records?|requests?|translations?|summaries|everything|since|between|from|before|after";

export const GREETINGS =
  "buen[oa]s (?:dias|tardes|noches)|buen dia|good (?:morning|afternoon|evening)";

const set = (words: string): Set<string> => new Set(words.split(" "));

/** Asked of anything: a date beside one of these says nothing about the history. */
export const QUESTION_WORDS = set(
  "que cual cuales fue era fueron estaba estaban es son ha han has he hemos hay habia hubo tengo tiene tienen what which was is were are has have there",
);

/** Words with which one looks for something that is there. */
export const LOOKING_WORDS = set("busca buscar encuentra find show muestra muestrame mostrame");

/** Words with which one asks to be told of the world. */
export const TELLING_WORDS = set(
  "dame dime decime quiero queria quisiera necesito saber puedes podes podrias que cual what tell give",
);

/** Words that carry nothing: taken out last. What is left after them was not understood. */
export const FILLER = set(
  "dame dime decime dar das muestrame mostrame muestras muestra ensename ensenas ensena mandame enviame pasas mandas mostrar mostrarme ensenar ensenarme darme decirme pasarme lista listame listar ver quiero queria quisiera necesito saber puedes podes podrias me mi mis nos nuestro nuestros " +
    "por favor porfa porfavor please plis gracias oye oiga ey hey che hola buenas bueno vale dale ok bot asistente a tipo type " +
    "el la los las lo un una unos unas de del al en y con para se te le su sus todo todos toda todas completo completa anteriores reciente recientes nuevo nuevos nuevas nueva " +
    "ahora yo tu vos usted vez veces algo ultimamente busca buscar encuentra recuerdame sacame pasame trae traeme salio dio " +
    "show one ones me give list get find tell see everything may can could you i we my the a an of in on to so far all any anything something only solo solamente that it from with for and would like want latest recent newest s",
);
