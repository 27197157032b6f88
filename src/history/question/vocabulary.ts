import { taskOf, type TaskType } from "../../tasks/types/registry.ts";

/** Words for each task: verbs as people conjugate them, their results, and participles. Without accents. */
export function taskWords(type: TaskType): string {
  return taskOf(type).words;
}

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

/** What a record is called. */
export const RECORD_WORDS =
  "registros?|consultas?|textos?|mensajes?|tareas?|peticion(?:es)?|solicitud(?:es)?|operacion(?:es)?|entradas?|historial|historico|cosas?|cosa|trabajos?|records?|requests?|queries|query|texts?|entries|entry|history|tasks?|things?";

/** What says that the past is meant: "qué hice", "lo que pedí". */
export const DEED_WORDS =
  "hice|hecho|hicimos|hiciste|pedi|pedido|pedimos|envie|enviado|mande|mandado|dije|dicho|procese|procesado|procesados|procesadas|llevo|llevamos|tengo|use|usado|did|do|done|ask|asked|sent|made|said";

/** Words that carry nothing: taken out last. What is left after them was not understood. */
export const FILLER = new Set(
  (
    "dame dime muestrame muestra ensename ensena lista listame listar ver quiero queria quisiera necesito saber puedes podrias me mi mis nos nuestro nuestros " +
    "por favor porfa porfavor gracias oye hola buenas buenos dias tardes bot asistente a ver cual cuales que fue era fueron estaba estaban son es eran ha he han hay habia " +
    "el la los las lo un una unos unas de del al en y e con para se te le su sus todo todos toda todas mas anteriores anterior reciente recientes nuevo nuevos nuevas nueva " +
    "ahora total totales hasta yo tu este esta estos estas ese esa esos esas vez veces algo hacer ultimamente busca buscar encuentra recuerdame sacame pasame trae traeme salio dio " +
    "show one ones me give list get find tell my the a an of in on to i we you please how what which was were is are have has been all any that it there so far from with for and did can could would like want see latest recent newest"
  ).split(" "),
);
