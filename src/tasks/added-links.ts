import { mapTexts } from "./answers/map-texts.ts";
import type { TaskOutput } from "./types/task.ts";

/** Replaces a bare address. Spanish, shown to people. */
const REMOVED = "(enlace quitado)";
/** An image inside a link takes two passes, innermost first. Real answers do not nest links deeper than this. */
const MAX_NESTING = 4;

/** «(destino "título")». */
const DESTINATION =
  "\\(\\s{0,20}(<[^<>\\n]{0,4000}>|[^\\s()]{0,4000}(?:\\([^\\s()]{0,4000}\\)[^\\s()]{0,4000}){0,20})(?:\\s{1,20}(?:\"[^\"]{0,1000}\"|'[^']{0,1000}'|\\([^()]{0,1000}\\)))?\\s{0,20}\\)";
const LABELLED = new RegExp(`!?\\[([^[\\]]{0,1000})\\]${DESTINATION}`, "gu");
/** The end of a link whose label contains brackets. */
const UNLABELLED = new RegExp(`\\]${DESTINATION}`, "gu");
/** «[etiqueta]: destino», the line that defines a reference. */
const REFERENCE =
  /^[ >\t]{0,20}\[[^[\]]{1,1000}\]:\s{0,20}(<[^<>\n]{0,4000}>|\S{1,4000})[^\n]{0,1000}\n?/gmu;
const AUTOLINK = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{0,4000})>/giu;
const TAG = /<\/?[a-z](?:[^<>"']|"[^"]{0,4000}"|'[^']{0,4000}'){0,4000}>/giu;
const ATTRIBUTE =
  /([\w:-]{1,40})\s{0,20}=\s{0,20}("[^"]{0,4000}"|'[^']{0,4000}'|[^\s"'<>]{1,4000})/gu;
/** Attributes whose value a browser fetches, navigates to or runs. */
const ACTIVE_ATTRIBUTE =
  /^(?:(?:xlink:)?href|src|srcset|srcdoc|data|action|formaction|poster|background|cite|longdesc|ping|manifest|content|style|on\w+)$/i;

/** File names that look like a domain name: «main.rs», «README.md». */
const FILE_NAME = /^[^.]+\.(?:md|rs|py|sh|pl|ps|so|mk|cc|ml|js|ts|go|rb|cs|vb|kt|zip|mov)$/iu;
const URL_CHARACTER = "[^\\s<>\"'`«»“”|\\\\^{}\\]]";
const HOST = "(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]{0,61}[\\p{L}\\p{N}])?\\.){1,8}";
const GENERIC_TLDS =
  "com|net|org|info|biz|edu|gov|app|dev|xyz|top|site|online|shop|store|club|click|link|live|tech|space|website|cloud|page|fun|icu|pro|name|mobi|news|blog|email|world|today|agency|digital|media|network|zone|run|work|lol|win|bid|vip";
/**
 * An address that programs turn into a link: with a scheme, with «www», a domain with a path or a port, or a domain
 * alone with a known TLD. A country code in capitals is a sentence without its space: «terminó.La».
 */
const BARE_ADDRESS = new RegExp(
  `(?<![\\p{L}\\p{N}@._-])(?:[a-z][a-z0-9+.-]{1,20}:\\/\\/${URL_CHARACTER}{1,4000}|(?:www\\.|${HOST}\\p{L}{2,24}(?:[/?#]|:\\d))${URL_CHARACTER}{0,4000}|${HOST}(?:(?:${GENERIC_TLDS})|(?-i:[a-z]{2}))(?![\\p{L}\\p{N}@_-]|\\.[\\p{L}\\p{N}]))`,
  "giu",
);

/**
 * Removes the links and images that the model added and reports them in a warning. Without this, an instruction hidden
 * in a text could make the model write an address that carries the text or the options to an attacker, and a chat or a
 * page would fetch that address automatically.
 * @param inputs everything that the model received: links in it are kept
 */
export function removeAddedLinks(output: TaskOutput, inputs: readonly unknown[]): TaskOutput {
  const isKnown = createKnownAddresses(collectTexts(inputs).join("\n"));
  let removed = 0;
  const clean = (text: string): string => {
    const cleaned = removeLinks(text, isKnown);
    removed += cleaned.removed;
    return cleaned.text;
  };
  const data = output.data && mapTexts(output.data, clean);
  // Warnings quote the answer, so they may contain the same links.
  const warnings = output.warnings?.map(clean) ?? [];
  const removedElsewhere = removed;
  const text = clean(output.text);
  if (removed === 0) return output;
  // Data and warnings usually repeat the text, so only the links in the text count, if it has any.
  const count = removed - removedElsewhere || removedElsewhere;
  return { ...output, text, data, warnings: [...warnings, removalWarning(count)] };
}

function removalWarning(removed: number): string {
  return removed < 2
    ? "Se quitó un enlace que el modelo añadió y que no estaba en lo que se le dio."
    : `Se quitaron ${removed} enlaces que el modelo añadió y que no estaban en lo que se le dio.`;
}

function collectTexts(values: readonly unknown[]): string[] {
  const texts: string[] = [];
  mapTexts(values, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

type IsKnownAddress = (address: string) => boolean;

/** Knows every address in the input and every part of one, since a shorter address carries no extra information. */
function createKnownAddresses(input: string): IsKnownAddress {
  const known = new Set(
    Array.from(input.matchAll(BARE_ADDRESS), ([address]) => toCanonicalAddress(address)),
  );
  return (address) => {
    const canonical = toCanonicalAddress(address);
    return (
      canonical === "" ||
      input.includes(address) ||
      input.includes(canonical) ||
      known.has(canonical)
    );
  };
}

function removeLinks(text: string, isKnown: IsKnownAddress): { text: string; removed: number } {
  let removed = 0;
  const keepOr = (whole: string, destinations: string[], replacement: string): string => {
    if (destinations.every(isKnown)) return whole;
    removed += 1;
    return replacement;
  };

  let result = text;
  for (let pass = 0; pass < MAX_NESTING; pass += 1) {
    const before = result;
    result = result.replaceAll(LABELLED, (whole, label: string, destination: string) =>
      keepOr(whole, [destination], label),
    );
    if (result === before) break;
  }
  result = result
    .replaceAll(UNLABELLED, (whole, destination: string) => keepOr(whole, [destination], "]"))
    .replaceAll(REFERENCE, (whole, destination: string) => keepOr(whole, [destination], ""))
    .replaceAll(AUTOLINK, (whole, address: string) => keepOr(whole, [address], REMOVED))
    .replaceAll(TAG, (whole) => keepOr(whole, activeAttributeValues(whole), ""))
    .replaceAll(BARE_ADDRESS, (whole) => {
      const [address, rest] = splitPunctuation(whole);
      return FILE_NAME.test(address) ? whole : `${keepOr(address, [address], REMOVED)}${rest}`;
    });
  return { text: result, removed };
}

function activeAttributeValues(tag: string): string[] {
  return Array.from(tag.matchAll(ATTRIBUTE))
    .filter(([, name = ""]) => ACTIVE_ATTRIBUTE.test(name))
    .map(([, , value = ""]) => value.replaceAll(/^["']|["']$/g, ""));
}

/** Separates an address from the punctuation of the sentence that follows it. */
function splitPunctuation(address: string): [string, string] {
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

/** The address as a browser reads it: without its scheme, escapes decoded, the host in lower case. */
function toCanonicalAddress(address: string): string {
  const plain = address
    .replaceAll(/^<|>$/g, "")
    .replaceAll(
      /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{1,10}));/g,
      (whole, decimal?: string, hex?: string, name?: string) =>
        decodeEntity(whole, decimal, hex, name),
    )
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, "")
    .replaceAll(/[\t\r\n]/g, "")
    .trim()
    .replace(/^(?:https?:)?[\\/]{2}|^(?:mailto|tel):/i, "")
    .replace(/^www\./i, "");
  const [, host = "", path = ""] = /^([^/?#]*)(.*)$/su.exec(splitPunctuation(plain)[0]) ?? [];
  return `${host.toLowerCase()}${path.replace(/\/$/u, "")}`;
}

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
