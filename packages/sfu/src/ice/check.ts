import { DecodeError } from '@parley/bytes'
import {
  attributeTypes,
  checkFingerprint,
  ice,
  integrityKind,
  type Message,
  shortTermKey,
  stun,
  verifyIntegrity,
} from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import type { IceCredentials } from '../control.ts'

const understood = attributeTypes(stun, ice)

/** Local credentials, with the key to check messages by. */
export interface LocalSecret extends IceCredentials {
  readonly key: Uint8Array
}

/** Throws RangeError for an impossible password. */
export function localSecret({ ufrag, password }: IceCredentials): LocalSecret {
  return { ufrag, password, key: shortTermKey(password) }
}

export type CheckVerdict =
  | { readonly is: 'accepted'; readonly nominates: boolean }
  /** From somebody who knows the password, so they get an error. */
  | { readonly is: 'refused'; readonly error: 'badRequest' | 'roleConflict' }
  | { readonly is: 'refused'; readonly error: 'unknownAttribute'; readonly unknown: readonly number[] }
  /** Not to be answered, because the sender has not proven to know the password. */
  | { readonly is: 'forged' }

const forged = { is: 'forged' } as const
const badRequest = { is: 'refused', error: 'badRequest' } as const

/**
 * The local fragment in a check's USERNAME, which says whom it is for (RFC 8445 §7.2.2); undefined if it is not a check. Throws
 * DecodeError for a malformed USERNAME.
 */
export function ufragOf(message: Message): string | undefined {
  const username = message.get(stun.username)
  const colon = username?.indexOf(':') ?? -1
  return colon < 0 ? undefined : username?.slice(0, colon)
}

/**
 * Judges a connectivity check as the controlled, lite agent (RFC 8445 §7.3, RFC 8489 §9.1.3). Ignores the second half of
 * USERNAME: the password is proof enough, and after a restart the peer uses its new name before we know it.
 */
export function judgeCheck(message: Message, { key }: LocalSecret): CheckVerdict {
  try {
    if (checkFingerprint(message) !== 'right' || !verifyIntegrity(message, key, nodeCrypto)) return forged
  } catch (error) {
    if (error instanceof DecodeError) return forged
    throw error
  }
  const unknown = message.unknownRequired(understood)
  if (unknown.length > 0) return { is: 'refused', error: 'unknownAttribute', unknown }
  try {
    message.get(ice.priority)
    // As if our tie-breaker were zero: a lite agent never takes control (RFC 8445 §6.1.1).
    if (message.get(ice.iceControlled) !== undefined) return { is: 'refused', error: 'roleConflict' }
    message.get(ice.iceControlling)
    return { is: 'accepted', nominates: message.get(ice.useCandidate) === true }
  } catch (error) {
    if (error instanceof DecodeError) return badRequest
    throw error
  }
}

/** Which of the two integrity attributes protects the check: the answer must use the same. */
export function protectionOf(message: Message): 'sha1' | 'sha256' {
  return integrityKind(message) ?? 'sha1'
}
