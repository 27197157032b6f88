/** Spanish cardinals from 1 to 29, in order, with accents. */
export const SPANISH_CARDINALS: readonly string[] = (
  "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve " +
  "veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
).split(" ");

/** From 30 to 90. */
export const SPANISH_TENS: readonly string[] =
  "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(" ");

/** English cardinals from 1 to 19, in order. */
export const ENGLISH_CARDINALS: readonly string[] =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );

/** From 20 to 90. */
export const ENGLISH_TENS: readonly string[] =
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
