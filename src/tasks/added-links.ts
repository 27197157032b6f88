import { mapTexts } from "./types/map-texts.ts";
import type { TaskOutput } from "./types/task.ts";

const REMOVED = "(enlace quitado)";
/** An image within a link is peeled first; deeper nesting than this is nobody's. */
const MAX_PEELS = 4;

/** «(destino "título")». */
const DESTINATION =
  "\\(\\s{0,20}(<[^<>\\n]{0,4000}>|[^\\s()]{0,4000}(?:\\([^\\s()]{0,4000}\\)[^\\s()]{0,4000}){0,20})(?:\\s{1,20}(?:\"[^\"]{0,1000}\"|'[^']{0,1000}'|\\([^()]{0,1000}\\)))?\\s{0,20}\\)";
const LABELLED = new RegExp(`!?\\[([^[\\]]{0,1000})\\]${DESTINATION}`, "gu");
/** What is left of one whose label holds brackets. */
const UNLABELLED = new RegExp(`\\]${DESTINATION}`, "gu");
/** «[etiqueta]: destino», the line of a reference. */
const REFERENCE =
  /^[ >\t]{0,20}\[[^[\]]{1,1000}\]:\s{0,20}(<[^<>\n]{0,4000}>|\S{1,4000})[^\n]{0,1000}\n?/gmu;
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{0,4000})>/giu;
const TAG = /<\/?[a-z](?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}'){0,4000}>/giu;
const ATTRIBUTE =
  /([\w:-]{1,40})\s{0,20}=\s{0,20}("[^"]{0,4000}"|'[^']{0,4000}'|[^\s"'<>]{1,4000})/gu;
/** Those from which a browser fetches, goes somewhere or runs something. */
const ACTIVE =
  /^(?:(?:xlink:)?href|src|srcset|srcdoc|data|action|formaction|poster|background|cite|longdesc|ping|manifest|content|style|on\w+)$/i;

/** File names that look like a name of the web: «main.rs», «README.md». */
const FILE = /^[^.]+\.(?:md|rs|py|sh|pl|ps|so|mk|cc|ml|js|ts|go|rb|cs|vb|kt|zip|mov)$/iu;
const END = "[^\\s<>\"'`«»“”|\\\\^{}\\]]";
const HOST = "(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]{0,61}[\\p{L}\\p{N}])?\\.){1,8}";
const GENERIC =
  "com|net|org|info|biz|edu|gov|app|dev|xyz|top|site|online|shop|store|club|click|link|live|tech|space|website|cloud|page|fun|icu|pro|name|mobi|news|blog|email|world|today|agency|digital|media|network|zone|run|work|lol|win|bid|vip";
/**
 * What programs turn into a link by themselves: with a scheme, with «www», a name with a path behind it, or a name
 * alone whose end is a known one. A country's end in capitals is a sentence that lost its blank: «terminó.La».
 */
const BARE = new RegExp(
  `(?<![\\p{L}\\p{N}@._-])(?:[a-z][a-z0-9+.-]{1,20}:\\/\\/${END}{1,4000}|(?:www\\.|${HOST}\\p{L}{2,24}(?:[/?#]|:\\d))${END}{0,4000}|${HOST}(?:(?:${GENERIC})|(?-i:[a-z]{2}))(?![\\p{L}\\p{N}@_-]|\\.[\\p{L}\\p{N}]))`,
  "giu",
);

/**
 * An answer without the links and images that a model added: an instruction hidden in a text could make it write one
 * that carries the text, or the options, to whoever wrote the instruction, and a chat or a page fetches it by itself.
 * What is added is told as a warning.
 * @param given the text and whatever else the model was given
 */
export function withoutAddedLinks(output: TaskOutput, given: readonly unknown[]): TaskOutput {
  const isHeld = heldBy(textsOf(given).join("\n"));
  let removed = 0;
  const clean = (text: string): string => {
    const cleaned = withoutLinks(text, isHeld);
    removed += cleaned.removed;
    return cleaned.text;
  };
  const data = output.data && mapTexts(output.data, clean);
  // What is amiss with an answer quotes it.
  const warnings = output.warnings?.map(clean) ?? [];
  const elsewhere = removed;
  const text = clean(output.text);
  if (removed === 0) return output;
  const count = removed - elsewhere || elsewhere;
  return { ...output, text, data, warnings: [...warnings, warning(count)] };
}

function warning(removed: number): string {
  return removed < 2
    ? "Se quitó un enlace que el modelo añadió y que no estaba en lo que se le dio."
    : `Se quitaron ${removed} enlaces que el modelo añadió y que no estaban en lo que se le dio.`;
}

function textsOf(values: readonly unknown[]): string[] {
  const texts: string[] = [];
  mapTexts(values, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

type Held = (address: string) => boolean;

/** An address that was given, or a part of one: a shorter one tells nobody more. */
function heldBy(given: string): Held {
  const canonical = new Set(Array.from(given.matchAll(BARE), ([address]) => canonicalOf(address)));
  return (address) => {
    const plain = canonicalOf(address);
    return plain === "" || given.includes(address) || given.includes(plain) || canonical.has(plain);
  };
}

function withoutLinks(text: string, isHeld: Held): { text: string; removed: number } {
  let removed = 0;
  const keepOr = (whole: string, destinations: string[], instead: string): string => {
    if (destinations.every(isHeld)) return whole;
    removed += 1;
    return instead;
  };

  let left = text;
  for (let peels = 0; peels < MAX_PEELS; peels += 1) {
    const before = left;
    left = left.replaceAll(LABELLED, (whole, label: string, destination: string) =>
      keepOr(whole, [destination], label),
    );
    if (left === before) break;
  }
  left = left
    .replaceAll(UNLABELLED, (whole, destination: string) => keepOr(whole, [destination], "]"))
    .replaceAll(REFERENCE, (whole, destination: string) => keepOr(whole, [destination], ""))
    .replaceAll(AUTOLINK, (whole, address: string) => keepOr(whole, [address], REMOVED))
    .replaceAll(TAG, (whole) => keepOr(whole, activeValues(whole), ""))
    .replaceAll(BARE, (whole) => {
      const [address, rest] = withoutClosing(whole);
      return FILE.test(address) ? whole : `${keepOr(address, [address], REMOVED)}${rest}`;
    });
  return { text: left, removed };
}

function activeValues(tag: string): string[] {
  return Array.from(tag.matchAll(ATTRIBUTE))
    .filter(([, name = ""]) => ACTIVE.test(name))
    .map(([, , value = ""]) => value.replaceAll(/^["']|["']$/g, ""));
}

/** The punctuation of a sentence is none of the address's. */
function withoutClosing(address: string): [string, string] {
  const [rest = ""] = /[.,;:!?¡¿…)*_~]{0,20}$/u.exec(address) ?? [];
  return [address.slice(0, address.length - rest.length), rest];
}

const ENTITIES: Record<string, string> = {
  amp: "&",
  colon: ":",
  sol: "/",
  period: ".",
  quest: "?",
  equals: "=",
  num: "#",
  Tab: "",
  NewLine: "",
};

/** As a browser understands it, without its scheme: escapes undone, its name in small letters. */
function canonicalOf(address: string): string {
  const plain = address
    .replaceAll(/^<|>$/g, "")
    .replaceAll(
      /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{1,10}));/g,
      (whole, decimal?: string, hex?: string, name?: string) =>
        characterOf(whole, decimal, hex, name),
    )
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, "")
    .replaceAll(/[\t\r\n]/g, "")
    .trim()
    .replace(/^(?:https?:)?[\\/]{2}|^(?:mailto|tel):/i, "")
    .replace(/^www\./i, "");
  const [, host = "", path = ""] = /^([^/?#]*)(.*)$/su.exec(withoutClosing(plain)[0]) ?? [];
  return `${host.toLowerCase()}${path.replace(/\/$/u, "")}`;
}

function characterOf(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
