import { expect, it } from 'vitest'
import { person, roomState } from '../testing/states.ts'
import { personLines } from './hands.ts'

it('lists raised hands by turn, then oneself, then the others as they came', () => {
  const participants = [person('ann'), person('ben', { hand: 900 }), person('cat', { hand: 300 }), person('dan')]
  const lines = personLines(roomState({ participants }))
  expect(lines.map(line => [line.participant.id, line.turn])).toEqual([
    ['cat', 1],
    ['ben', 2],
    ['me', undefined],
    ['ann', undefined],
    ['dan', undefined],
  ])
})
