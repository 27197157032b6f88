/** UTF-8 bytes per token, on the low side: with the o200k vocabulary English and Spanish have about 4, CJK about 3. */
const BYTES_PER_TOKEN = 3.5;

/**
 * Estimates the tokens of a text from its UTF-8 length: cheap, and slightly too high for prose. Other kinds of text
 * (base64) may take more; then the provider refuses the request at no cost.
 */
export function estimateTokens(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is 4 bytes, so each half counts as 2.
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
