import type { EntityMatch } from "./entity.ts";
import { readTokens, type IsFree, type TokenRange, type NameToken } from "./name-tokens.ts";
import {
  findCompanies,
  readCuedOrganisation,
  readHeadedOrganisation,
  readKnownOrganisation,
  readTailedOrganisation,
} from "./organisations.ts";
import { readPerson } from "./people.ts";
import { readCuedPlace, readKnownPlace, readStreet } from "./places.ts";

type NameKind = "persona" | "organizacion" | "lugar";

const DOTTED_PLACE = /(?<![\p{L}\p{N}])(?:EE\.\s?UU\.|U\.\s?S\.(?:\s?A\.)?|U\.\s?K\.)/gu;

/**
 * People, organisations and places, by lists, titles, legal forms and the words around them. Uncertain names are left
 * out, and no word belongs to two names.
 */
export function findNames(text: string): EntityMatch<NameKind>[] {
  const tokens = readTokens(text);
  const taken = new Set<number>();
  const matches: EntityMatch<NameKind>[] = [];
  const take = ({ first, end, endsAt }: TokenRange, value: NameKind): void => {
    for (let index = first; index < end; index += 1) taken.add(index);
    const start = tokens[first]?.start ?? 0;
    matches.push({ start, end: endsAt ?? tokens[end - 1]?.end ?? start, value });
  };

  for (const place of dottedPlaces(tokens, text)) take(place, "lugar");
  for (const company of findCompanies(tokens, text)) take(company, "organizacion");
  const isFree: IsFree = (index) => !taken.has(index);
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isFree(at)) continue;
    const [range, kind] = readName(tokens, at, text, isFree);
    if (range) take(range, kind);
  }
  return matches;
}

/** The first rule that matches wins, so the order matters: street, organisation, place, person. */
function readName(
  tokens: readonly NameToken[],
  at: number,
  text: string,
  isFree: IsFree,
): [TokenRange | undefined, NameKind] {
  const street = readStreet(tokens, at, text, isFree);
  if (street) return [street, "lugar"];
  const organisation =
    readKnownOrganisation(tokens, at, text, isFree) ??
    readHeadedOrganisation(tokens, at, isFree) ??
    readTailedOrganisation(tokens, at, isFree) ??
    readCuedOrganisation(tokens, at, isFree);
  if (organisation) return [organisation, "organizacion"];
  const longPlace = readKnownPlace(tokens, at, isFree, 2);
  if (longPlace) return [longPlace, "lugar"];
  const person = readPerson(tokens, at, isFree);
  if (person) return [person, "persona"];
  return [readKnownPlace(tokens, at, isFree, 1) ?? readCuedPlace(tokens, at, isFree), "lugar"];
}

function dottedPlaces(tokens: readonly NameToken[], text: string): TokenRange[] {
  const indexAtStart = new Map(tokens.map(({ start }, index) => [start, index]));
  return Array.from(text.matchAll(DOTTED_PLACE)).flatMap(({ 0: name, index }) => {
    const first = indexAtStart.get(index);
    if (first === undefined) return [];
    const endsAt = index + name.length;
    let end = first + 1;
    while ((tokens[end]?.start ?? endsAt) < endsAt) end += 1;
    return { first, end, endsAt };
  });
}
