import { expect, it } from 'vitest'
import { person, roomState } from '../testing/states.ts'
import { ownQuality } from './quality.ts'

it('is what was measured, else the best path, else unknown', () => {
  const participants = [person('ann', { quality: 1 }), person('ben', { quality: 4 }), person('cat')]
  expect(ownQuality(roomState({ self: person('me', { quality: 2 }), participants }))).toBe(2)
  expect(ownQuality(roomState({ participants }))).toBe(4)
  expect(ownQuality(roomState({ participants: [person('cat')] }))).toBeUndefined()
})
