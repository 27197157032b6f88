/**
 * The authorization of one request. A route may start its first reads before the credential is verified; `require`
 * then collects the checks, and `granted` runs them once the principal is known.
 */
export class Admission<Principal> {
  readonly #principal: Promise<Principal> | Principal;
  readonly #pendingChecks: ((principal: Principal) => void)[] = [];

  constructor(principal: Promise<Principal> | Principal) {
    this.#principal = principal;
  }

  /** Adds a check, which throws when the principal lacks a permission. Runs it at once when the principal is known. */
  require(check: (principal: Principal) => void): void {
    if (this.#principal instanceof Promise) this.#pendingChecks.push(check);
    else check(this.#principal);
  }

  /**
   * Waits for the principal and runs the pending checks. The handler must not answer, write or pay for anything before
   * this resolves.
   * @throws what the verification of the credential or a check throws
   */
  async granted(): Promise<Principal> {
    const principal = await this.#principal;
    for (const check of this.#pendingChecks) check(principal);
    return principal;
  }
}
