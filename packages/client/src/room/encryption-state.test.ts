import type { Track } from '@parley/protocol'
import { expect, test } from 'vitest'
import { type EncryptionFacts, encryptionState } from './encryption-state.ts'

const plain: Track = { id: 'c', source: 'camera', muted: false }
const encrypted: Track = { ...plain, encrypted: true }
const facts = (over: Partial<EncryptionFacts>): EncryptionFacts => ({
  encrypted: true,
  keys: undefined,
  throughServer: false,
  tracks: [],
  ...over,
})

test.each<[string, Partial<EncryptionFacts>, ReturnType<typeof encryptionState>]>([
  ['nobody encrypts', { encrypted: false, tracks: [plain] }, 'off'],
  ['they do, and we have no secret', { encrypted: false, tracks: [encrypted] }, 'no-key'],
  ['they have sent nothing yet, nor a key', {}, 'pending'],
  ['they say that they encrypt, and their key has not come', { keys: 'pending', tracks: [encrypted] }, 'pending'],
  ['their key has come', { keys: 'agreed', tracks: [encrypted] }, 'on'],
  ['their key has come, whatever they announce', { keys: 'agreed', tracks: [plain] }, 'on'],
  ['they have another secret', { keys: 'wrong-secret', tracks: [encrypted] }, 'wrong-key'],
  ['they say that they do not encrypt', { tracks: [plain] }, 'plain'],
  ['they say that they encrypt, and do not', { keys: 'plain', tracks: [encrypted] }, 'plain'],
  [
    'an encoder: it never has a key, and is never taken for encrypted',
    { throughServer: true, tracks: [plain] },
    'plain',
  ],
  ['an encoder that lies', { throughServer: true, keys: 'agreed', tracks: [encrypted] }, 'plain'],
  ['a player, which sends nothing', { throughServer: true }, 'off'],
])('%s', (_, over, state) => {
  expect(encryptionState(facts(over))).toBe(state)
})
