import type { EncryptionState } from '@parley/client'
import { expect, it } from 'vitest'
import { person, roomState } from '../testing/states.ts'
import { type Protection, protectionOf } from './protection.ts'

const cases: readonly [boolean, 'mesh' | 'sfu', readonly EncryptionState[], Protection][] = [
  [false, 'mesh', ['off'], 'mesh'],
  [false, 'sfu', ['off', 'off'], 'server'],
  [false, 'mesh', ['off', 'no-key'], 'no-key'],
  [false, 'sfu', ['no-key'], 'no-key'],
  [true, 'mesh', [], 'e2ee'],
  [true, 'sfu', ['on', 'on'], 'e2ee'],
  [true, 'sfu', ['on', 'off'], 'e2ee'],
  [true, 'sfu', ['on', 'pending'], 'pending'],
  [true, 'mesh', ['pending', 'wrong-key'], 'alert'],
  [true, 'sfu', ['on', 'plain'], 'alert'],
]

it.each(cases)('encrypted: %s, %s, others: %j: %s', (encrypted, now, others, protection) => {
  const participants = others.map((encryption, index) => person(`guest-${index}`, { encryption }))
  const topology = { wish: 'auto', now } as const
  expect(protectionOf(roomState({ encrypted, topology, participants }))).toBe(protection)
})
