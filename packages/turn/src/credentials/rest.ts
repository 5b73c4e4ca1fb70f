import { createHmac } from 'node:crypto'
import type { CredentialSource } from './credentials.ts'

/** User name and password as a client gets them, and when they end (milliseconds since 1970). */
interface EphemeralCredential {
  readonly username: string
  readonly credential: string
  readonly expiresAt: number
}

/**
 * Credentials by the TURN REST convention: the user name says when it ends, the password is an HMAC of the name under a
 * secret that the TURN server shares. `secrets` are tried in order; the first one makes new credentials.
 *
 * @example
 * makeCredential(['secret'], 'ann', 86_400, Date.now()) // { username: '1764288000:ann', credential: '…' }
 */
export function makeCredential(
  secrets: readonly [string, ...string[]],
  user: string,
  ttlS: number,
  wallMs: number,
): EphemeralCredential {
  const expires = Math.floor(wallMs / 1000) + ttlS
  const username = `${expires}:${user}`
  return { username, credential: passwordOf(secrets[0], username), expiresAt: expires * 1000 }
}

/** Accepts what {@link makeCredential} makes until it ends. */
export function restCredentials(secrets: readonly string[]): CredentialSource {
  return {
    find(username, wallMs) {
      const [, expires, user] = /^(\d{1,12}):(.+)$/s.exec(username) ?? []
      if (expires === undefined || user === undefined) return undefined
      const endedAt = Number(expires) * 1000
      const passwords = secrets.map(secret => passwordOf(secret, username))
      return endedAt <= wallMs ? { user, passwords, endedAt } : { user, passwords }
    },
  }
}

function passwordOf(secret: string, username: string): string {
  return createHmac('sha1', secret).update(username).digest('base64')
}
