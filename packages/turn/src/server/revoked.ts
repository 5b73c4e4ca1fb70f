/** Users whose credentials no longer count, until these would have ended anyhow. Pure; times are milliseconds since 1970. */
export class Revoked {
  readonly #until = new Map<string, number>()

  /** From now on, until `untilMs`. */
  add(user: string, untilMs: number, wallMs: number): void {
    for (const [other, until] of this.#until) if (until <= wallMs) this.#until.delete(other)
    this.#until.set(user, Math.max(untilMs, this.#until.get(user) ?? 0))
  }

  has(user: string, wallMs: number): boolean {
    return (this.#until.get(user) ?? 0) > wallMs
  }
}
