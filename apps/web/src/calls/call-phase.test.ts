import type { Room } from '@parley/client'
import type { Call } from '@parley/protocol'
import { describe, expect, it } from 'vitest'
import { type CallView, duration, otherOf, phaseOf } from './call-phase.ts'

const view = (state: Call['state'], more: Partial<CallView> = {}): CallView => ({
  call: {
    id: 'c',
    media: 'video',
    caller: { identity: 'a', name: 'Ann' },
    callee: { identity: 'b', name: 'Bob' },
    state,
  },
  direction: 'outgoing',
  answeredElsewhere: false,
  ...more,
})
const ringing: Call['state'] = { status: 'ringing', since: 0, until: 30_000 }
const accepted: Call['state'] = {
  status: 'accepted',
  since: 0,
  room: 'r',
  media: 'audio',
  callerSession: 's1',
  calleeSession: 's2',
}
const room = {} as Room

describe('phaseOf', () => {
  it('rings here or there', () => {
    expect(phaseOf(view(ringing), undefined)).toEqual({ phase: 'outgoing' })
    expect(phaseOf(view(ringing, { direction: 'incoming' }), undefined)).toEqual({ phase: 'incoming' })
  })

  it('is connected once the room is joined', () => {
    expect(phaseOf(view(accepted), undefined)).toEqual({ phase: 'connecting' })
    expect(phaseOf(view(accepted), room)).toEqual({ phase: 'connected', room })
  })

  it('runs elsewhere when another tab answered', () => {
    expect(phaseOf(view(accepted, { answeredElsewhere: true }), undefined)).toEqual({ phase: 'elsewhere' })
  })

  it('is over whatever else holds, and says how', () => {
    const ended: Call['state'] = { status: 'ended', outcome: 'rejected', message: 'Later', at: 9 }
    expect(phaseOf(view(ended, { answeredElsewhere: true }), room)).toEqual({
      phase: 'over',
      outcome: 'rejected',
      message: 'Later',
      durationMs: undefined,
    })
  })
})

it('knows who is at the other end', () => {
  expect(otherOf(view(ringing)).name).toBe('Bob')
  expect(otherOf(view(ringing, { direction: 'incoming' })).name).toBe('Ann')
})

it.each([
  [0, '0:00'],
  [7400, '0:07'],
  [750_000, '12:30'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%i ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})
