import {
  type IntegrityKind,
  integrityKind,
  longTermKey,
  type Message,
  nameOfAlgorithm,
  stun,
  verifyIntegrity,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { CredentialSource } from '../credentials/credentials.ts'
import type { Requester } from '../requests/answer.ts'
import type { ClientFlow } from './allocation.ts'
import type { Nonces } from './nonce.ts'

type Authentication =
  | { readonly ok: true; readonly requester: Requester; readonly integrity: IntegrityKind }
  | { readonly ok: false; readonly error: 'unauthenticated' | 'badRequest' | 'staleNonce' | 'wrongCredentials' }

export interface AuthenticatorOptions {
  readonly realm: string
  readonly credentials: CredentialSource
  readonly nonces: Nonces
  /** Milliseconds since 1970: what credentials expire by. */
  readonly wallClock: () => number
  /** Told why credentials were refused. */
  readonly refused: (
    why: { readonly is: 'expired'; readonly forMs: number } | { readonly is: 'wrong' | 'revoked' },
  ) => void
}

interface Candidate {
  readonly user: string | undefined
  readonly key: Uint8Array
  readonly endedAt: number | undefined
}

/** The server's side of long-term credentials (RFC 8489 §9.2.4). */
export class Authenticator {
  readonly #options: AuthenticatorOptions
  /** Users whose credentials no longer count, until these would have ended anyhow; milliseconds since 1970. */
  readonly #revoked = new Map<string, number>()

  constructor(options: AuthenticatorOptions) {
    this.#options = options
  }

  /** From now on the user's credentials are refused, until `untilMs` (since 1970). */
  revoke(user: string, untilMs: number): void {
    const wallMs = this.#options.wallClock()
    for (const [other, until] of this.#revoked) if (until <= wallMs) this.#revoked.delete(other)
    this.#revoked.set(user, Math.max(untilMs, this.#revoked.get(user) ?? 0))
  }

  check(message: Message, flow: ClientFlow, now: number): Authentication {
    const integrity = integrityKind(message)
    if (!integrity) return { ok: false, error: 'unauthenticated' }
    const username = message.get(stun.username)
    const nonce = message.get(stun.nonce)
    if (username === undefined || nonce === undefined || !message.has(stun.realm))
      return { ok: false, error: 'badRequest' }
    if (message.get(stun.realm) !== this.#options.realm) return { ok: false, error: 'unauthenticated' }
    if (this.#options.nonces.check(nonce, flow, now) !== 'right') return { ok: false, error: 'staleNonce' }
    const { allocation } = flow
    // An allocation keeps the name and the key it was made with, also when an ephemeral credential has ended since.
    if (allocation && allocation.username !== username) return { ok: false, error: 'wrongCredentials' }
    const user = allocation?.user.name
    for (const candidate of allocation
      ? [{ user, key: allocation.key, endedAt: undefined }]
      : this.#keys(username, message)) {
      if (candidate.user === undefined || !verifyIntegrity(message, candidate.key, nodeCrypto)) continue
      if (candidate.endedAt !== undefined) {
        this.#options.refused({ is: 'expired', forMs: this.#options.wallClock() - candidate.endedAt })
        return { ok: false, error: 'unauthenticated' }
      }
      if ((this.#revoked.get(candidate.user) ?? 0) > this.#options.wallClock()) {
        this.#options.refused({ is: 'revoked' })
        return { ok: false, error: 'unauthenticated' }
      }
      return { ok: true, requester: { username, user: candidate.user, key: candidate.key }, integrity }
    }
    this.#options.refused({ is: 'wrong' })
    return { ok: false, error: 'unauthenticated' }
  }

  #keys(username: string, message: Message): Candidate[] {
    const { credentials, realm, wallClock } = this.#options
    const found = credentials.find(username, wallClock())
    const named = message.get(stun.passwordAlgorithm)
    const algorithm = named ? nameOfAlgorithm(named) : 'md5'
    if (!found || !algorithm) return []
    return found.passwords.map(password => ({
      user: found.user,
      endedAt: found.endedAt,
      key: longTermKey({ username, realm, password, algorithm }, nodeCrypto),
    }))
  }
}
