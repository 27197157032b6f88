/**
 * E-mail address patterns, global, for three uses: finding addresses, hiding personal data, and comparing the pieces
 * of a translation.
 */

const DOMAIN = "(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.){1,8}\\p{L}{2,24}";

/** A whole address: nothing that could belong to it is left out on either side. */
export const EMAIL = new RegExp(
  `(?<![\\p{L}\\p{N}._%+'’-])[\\p{L}\\p{N}_%+](?:[\\p{L}\\p{N}_%+'-]|\\.(?!\\.|@)){0,63}@${DOMAIN}(?![\\p{L}\\p{N}@_-])`,
  "gu",
);

/** Also an address with quotation marks, dashes or other characters around it. */
export const POSSIBLE_EMAIL = new RegExp(
  `(?<![\\p{L}\\p{N}])[\\p{L}\\p{N}_%+][\\p{L}\\p{N}._%+'-]{0,63}@${DOMAIN}`,
  "gu",
);

/** ASCII letters only, and a top-level domain of any length. */
export const ASCII_EMAIL =
  /(?<![\w.%+-])[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/gu;
