import type { Principal } from "../access/principal.ts";

/**
 * Whether a request may be answered. For a route whose first reads run beside the check of the key, this is not known
 * at the start: what must hold of the principal is noted, and looked at with the verdict.
 */
export class Admission {
  readonly #principal: Promise<Principal> | Principal;
  readonly #demands: ((principal: Principal) => void)[] = [];

  constructor(principal: Promise<Principal> | Principal) {
    this.#principal = principal;
  }

  /** `check` throws when the principal may not do this: at once if who it is is known. */
  demand(check: (principal: Principal) => void): void {
    if (this.#principal instanceof Promise) this.#demands.push(check);
    else check(this.#principal);
  }

  /** The verdict. Nothing may be answered, written or paid for before it. @throws what the key or a demand throws */
  async granted(): Promise<Principal> {
    const principal = await this.#principal;
    for (const check of this.#demands) check(principal);
    return principal;
  }
}
