import { createHash } from "node:crypto";

/** A digest of a set of lines that does not depend on their order: two databases may sort text differently. */
export class LineDigest {
  rows = 0;
  #sum = 0n;

  add(lines: readonly string[]): void {
    this.rows += lines.length;
    for (const line of lines) {
      this.#sum += createHash("sha256").update(line).digest().readBigUInt64BE();
    }
  }

  equals(other: LineDigest): boolean {
    return this.rows === other.rows && this.#sum === other.#sum;
  }
}
