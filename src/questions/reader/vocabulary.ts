import { TASK_TYPES, taskOf, type TaskType } from "../../tasks/types/registry.ts";
import { LANGUAGE_CODES } from "../../text/language-names.ts";
import { wordSet } from "../../text/words.ts";

// ---- Pattern sources, in normalised words

/** Words with which people refer to runs of each task and their results. */
export const TASK_WORDS: readonly { type: TaskType; words: string }[] = TASK_TYPES.map((type) => ({
  type,
  words: `${taskOf(type).historyWords}|(?:de|tipo|tarea) ${type}`,
}));

export const ANY_TASK_WORD = TASK_TYPES.map((type) => taskOf(type).historyWords).join("|");

export const LANGUAGE_NAME = [...LANGUAGE_CODES.keys()].join("|");

/** Names for records of the history. */
export const RECORD_WORD =
  "registros?|consultas?|textos?|mensajes?|tareas?|peticion(?:es)?|solicitud(?:es)?|operacion(?:es)?|entradas?|historial|historico|cosas?|trabajos?|records?|requests?|queries|query|texts?|messages?|entries|entry|history|tasks?|things?";

/** Verbs that ask for records: «dame», «muéstrame». */
export const REQUEST_VERB =
  "dame|dime|decime|muestrame|mostrame|ensename|mandame|enviame|pasame|sacame|listame|lista|quiero|ver|traeme|show|list|get|give|me";

/** Verbs in the past that refer to earlier requests: «qué hice», «lo que pedí». */
export const PAST_ACTION =
  "hice|hecho|hicimos|hiciste|pedi|pedido|pedimos|envie|enviado|mande|mandado|dije|dijiste|dicho|hable|hablado|hablamos|comente|comentado|pregunte|preguntado|consulte|consultado|escribi|escrito|respondiste|contestaste|procese|procesad[oa]s?|llevo|llevamos|use|usado|te pase|solicite|solicitado|realice|realizado|did|do|done|make|ask|asked|sent|send|made|said|say|wrote";

/** Words that show a question is in English, where 3/5 may be March. */
export const ENGLISH_WORD =
  "the|what|did|my|show|how|when|list my|on|records?|requests?|translations?|summaries|everything|since|between|from|before|after";

export const GREETING =
  "buen[oa]s (?:dias|tardes|noches)|buen dia|good (?:morning|afternoon|evening)";

// ---- Sets of normalised words

/** Used in questions about anything: a date next to one of these does not show that the history is meant. */
export const QUESTION_WORDS = wordSet(
  "que cual cuales fue era fueron estaba estaban es son ha han has he hemos hay habia hubo tengo tiene tienen what which was is were are has have there",
);

export const SEARCH_VERBS = wordSet("busca buscar encuentra find show muestra muestrame mostrame");

/** Words of requests for information in general: «dime algo sobre facturas». */
export const INFORMATION_REQUEST_WORDS = wordSet(
  "dame dime decime quiero queria quisiera necesito saber puedes podes podrias que cual what tell give",
);

/** Words that may be ignored. Any other word that no rule took makes the question not understood. */
export const FILLER_WORDS = wordSet(
  "dame dime decime dar das muestrame mostrame muestras muestra ensename ensenas ensena mandame enviame pasas mandas mostrar mostrarme ensenar ensenarme darme decirme pasarme lista listame listar ver quiero queria quisiera necesito saber puedes podes podrias me mi mis nos nuestro nuestros " +
    "por favor porfa porfavor please plis gracias oye oiga ey hey che hola buenas bueno vale dale ok bot asistente a tipo type " +
    "el la los las lo un una unos unas de del al en y con para se te le su sus todo todos toda todas completo completa anteriores reciente recientes nuevo nuevos nuevas nueva " +
    "ahora yo tu vos usted vez veces algo ultimamente busca buscar encuentra recuerdame sacame pasame trae traeme salio dio " +
    "show one ones me give list get find tell see everything may can could you i we my the a an of in on to so far all any anything something only solo solamente that it from with for and would like want latest recent newest s",
);
