import { fold } from "../text/fold.ts";
import { isHeading } from "./sentence-form.ts";
import type { SummaryCandidate } from "./sentence-vectors.ts";

const OPENING_BONUS = 0.25;
const OPENING_SHARE = 0.1;
const CUE_BONUS = 0.35;
const FIGURE_BONUS = 0.1;
const TOO_SHORT_STEMS = 4;
const TOO_SHORT_FACTOR = 0.6;
const PLEASANTRY_FACTOR = 0.3;
const HEADING_FACTOR = 0.4;

/** Cue phrases that announce an important sentence (H. P. Edmundson, JACM 1969). */
const CUES =
  /\b(?:en (?:resumen|conclusion|definitiva|suma)|conclu(?:imos|sion|ye|yo|ded|sions?)|por (?:tanto|lo tanto|consiguiente)|se (?:decidio|acordo|aprobo|aprueba|decide|acuerda)|acord(?:amos|aron)|decid(?:imos|io|ieron|ed)|aprob(?:o|aron|amos|ado)|lo (?:mas )?importante|es (?:clave|fundamental|imprescindible|necesario)|el problema|la causa|la solucion|el (?:objetivo|plazo|resultado)|in (?:summary|conclusion|short)|therefore|as a result|we (?:agreed|decided|conclude|recommend)|agreed|approved|the (?:problem|cause|root cause|solution|goal|deadline|result)|most important(?:ly)?|must)\b/u;
const FIGURE =
  /\d[\d.,]*\s?(?:%|€|\$|£|euros?|dolares|dollars|millones|millions?)|\d{1,2} de \p{L}{4,10}/u;
const PLEASANTRIES =
  /^(?:hola|buen[oa]s? (?:dias|tardes|noches)|estimad[oa]s?|querid[oa]s?|(?:muchas )?gracias|un (?:cordial )?saludo|saludos|un abrazo|atentamente|espero que (?:est|todo|os|te|le|se encuentr)|quedo a (?:su|tu|vuestra) disposicion|hi|hello|dear|good (?:morning|afternoon)|thanks|thank you|(?:kind |best )?regards|(?:i )?hope (?:you|this|everyone)|cheers|sincerely)\b/u;

/** How much a sentence's position and words raise or lower its relevance; 1 changes nothing. */
export function priorOf({ sentence, position, vector }: SummaryCandidate): number {
  const folded = fold(sentence.text);
  const opening = OPENING_BONUS * Math.exp(-position / OPENING_SHARE);
  const cue = CUES.test(folded) ? CUE_BONUS : 0;
  const figure = FIGURE.test(folded) ? FIGURE_BONUS : 0;
  const short = vector.size < TOO_SHORT_STEMS ? TOO_SHORT_FACTOR : 1;
  const pleasantry = PLEASANTRIES.test(folded) ? PLEASANTRY_FACTOR : 1;
  const heading = isHeading(sentence.text) ? HEADING_FACTOR : 1;
  return (1 + opening + cue + figure) * short * pleasantry * heading;
}
