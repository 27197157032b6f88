/** UTF-8 bytes in a token, at the least usual: English and Spanish have about 4, CJK about 3 in the o200k vocabulary. */
const BYTES_PER_TOKEN = 3.5;

/**
 * How many tokens a text will take, from its UTF-8 length: cheap, and a little too high for prose. A text of another
 * kind (base64, say) may take more; the provider then refuses it unpaid.
 */
export function tokenEstimate(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate pair is 4 bytes: 2 for each half.
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
