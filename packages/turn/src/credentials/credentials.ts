import { opaqueString } from '@parley/stun'

/** What a user name stands for. `user` is whom quotas count for. */
interface Credential {
  readonly user: string
  /** Several while a secret is being rotated. */
  readonly passwords: readonly string[]
  /** It expired then, milliseconds since 1970, and is known only so that the refusal can say so. */
  readonly endedAt?: number
}

/** Looks up user names. */
export interface CredentialSource {
  /** Undefined for a name that is unknown. `wallMs` is milliseconds since 1970. */
  find(username: string, wallMs: number): Credential | undefined
}

/** Asks one source after the other. */
export function firstOf(...sources: readonly CredentialSource[]): CredentialSource {
  return {
    find(username, wallMs) {
      for (const source of sources) {
        const found = source.find(username, wallMs)
        if (found) return found
      }
      return undefined
    },
  }
}

/** Users with a password each, for software that cannot fetch credentials. Throws RangeError for one that cannot be. */
export function staticUsers(users: ReadonlyMap<string, string>): CredentialSource {
  for (const password of users.values()) opaqueString(password)
  return {
    find(username) {
      const password = users.get(username)
      return password === undefined ? undefined : { user: username, passwords: [password] }
    },
  }
}
