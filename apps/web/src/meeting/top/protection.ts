import type { EncryptionState, RoomState } from '@parley/client'

/**
 * What protects a meeting. `mesh`: media goes straight between browsers. `server`: it is encrypted to the server and from it. `e2ee`:
 * with a key that the server has not. `pending`, `alert`: so it is, but keys of some are missing, or wrong. `no-key`: others encrypt,
 * and we cannot.
 */
export type Protection = 'mesh' | 'server' | 'e2ee' | 'pending' | 'alert' | 'no-key'

/** The states of which nothing is played. */
export function isClosed(state: EncryptionState): state is 'wrong-key' | 'no-key' | 'plain' {
  return state === 'wrong-key' || state === 'no-key' || state === 'plain'
}

/** Never better than it is for any of those who are here. */
export function protectionOf({ encrypted, topology, participants }: RoomState): Protection {
  const states = participants.map(({ encryption }) => encryption)
  if (!encrypted) return states.includes('no-key') ? 'no-key' : topology.now === 'mesh' ? 'mesh' : 'server'
  if (states.some(isClosed)) return 'alert'
  return states.includes('pending') ? 'pending' : 'e2ee'
}
