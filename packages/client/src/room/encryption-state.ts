import type { Track } from '@parley/protocol'
import type { EncryptionState } from '../types.ts'

/** What is known of whether a participant's frames can be decrypted; `plain`: they are not encrypted. */
export type KeyKnowledge = 'pending' | 'agreed' | 'wrong-secret' | 'plain'

export interface EncryptionFacts {
  /** Whether we have a secret. */
  readonly encrypted: boolean
  readonly keys: KeyKnowledge | undefined
  /** They came over HTTP: with no key, and no way to get one. */
  readonly throughServer: boolean
  /** What they have announced. */
  readonly tracks: readonly Track[]
}

/** Whether a participant's media is encrypted end to end. What their frames tell counts for more than what is announced of them. */
export function encryptionState({ encrypted, keys, throughServer, tracks }: EncryptionFacts): EncryptionState {
  if (!encrypted) return tracks.some(track => track.encrypted) ? 'no-key' : 'off'
  if (throughServer) return tracks.length > 0 ? 'plain' : 'off'
  if (keys === 'wrong-secret') return 'wrong-key'
  if (keys === 'plain') return 'plain'
  if (keys === 'agreed') return 'on'
  return tracks.length > 0 && !tracks.some(track => track.encrypted) ? 'plain' : 'pending'
}
