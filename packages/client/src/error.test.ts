import type { WireError } from '@parley/protocol/errors'
import { expect, test } from 'vitest'
import { CallEndedError, ParleyError } from './error.ts'

test('an error from the server keeps its words', () => {
  const error = ParleyError.fromWire({ code: 'room-full', message: 'The room is full: 3 seats.', remedy: 'Wait.' })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ code: 'room-full', message: 'The room is full: 3 seats.', remedy: 'Wait.' })
})

test('a code that a newer server has is not mistaken for one of the browser’s', () => {
  for (const code of ['brand-new', 'unreachable', 'toString']) {
    const error = ParleyError.fromWire({ code, message: 'm', remedy: 'r' } as unknown as WireError)
    expect(error).toMatchObject({ code: 'internal', message: 'm' })
  }
})

test('an ended call says how it ended', () => {
  const person = { identity: 'ann', name: 'Ann' }
  const call = { id: 'c', media: 'audio', caller: person, callee: person } as const
  const error = new CallEndedError({ ...call, state: { status: 'ended', outcome: 'busy', at: 1 } })
  expect(error).toMatchObject({ code: 'call-ended', call: { state: { outcome: 'busy' } } })
})
