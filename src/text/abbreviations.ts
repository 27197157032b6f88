/** Titles before a person's name, Spanish and English, folded and without their point. */
export const TITLE_ABBREVIATIONS =
  "sr sra srta sres sras dr dra d mr mrs ms prof profa lic ing arq excmo excma ilmo ilma mons hon";
