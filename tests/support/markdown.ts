/** A Markdown page, as far as tests look at it. Fenced code is not part of any of these. */
export type Page = {
  /** Targets of links and images as they are written: `guia.md#ajustes`, `#ajustes`, `https://…`. */
  links: string[];
  /** The anchors that GitHub gives the headings, without `#`. */
  anchors: Set<string>;
  /** The texts between single backticks. */
  codeSpans: string[];
};

export function parsePage(markdown: string): Page {
  const prose = markdown.replace(/^ *(```|~~~)[\s\S]*?^ *\1 *$/gm, "");
  const headings = [...prose.matchAll(/^#{1,6} +(.+?)(?: +#+)? *$/gm)].map(([, text = ""]) => text);
  return {
    links: linksIn(prose.replace(/`[^`\n]*`/g, "")),
    anchors: anchorsOf(headings),
    codeSpans: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text),
  };
}

/** Inline links and images, and definitions of reference links. */
function linksIn(prose: string): string[] {
  const inline = prose.matchAll(/\]\(<?([^)\s>]+)>?(?: +"[^"]*")?\)/g);
  const definitions = prose.matchAll(/^\[[^\]]+\]: +(\S+)/gm);
  return [...inline, ...definitions].map(([, target = ""]) => target);
}

/** GitHub's rule: lower case, no punctuation, hyphens for spaces; the second of two equal ones ends in `-1`. */
function anchorsOf(headings: readonly string[]): Set<string> {
  const uses = new Map<string, number>();
  const anchors = new Set<string>();
  for (const heading of headings) {
    const base = heading
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    const used = uses.get(base) ?? 0;
    uses.set(base, used + 1);
    anchors.add(used === 0 ? base : `${base}-${used}`);
  }
  return anchors;
}
