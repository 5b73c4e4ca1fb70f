import { describe, expect, it } from 'vitest'
import { awayAfterMs, presenceOf } from './presence.ts'

const here = { name: 'Ann', hiddenSince: undefined, lastInputAt: 1000 }

describe('presenceOf', () => {
  it('is offline without a name, whatever happens', () => {
    expect(presenceOf({ ...here, name: '' }, 2000)).toEqual({ status: 'offline', until: undefined })
  })

  it('is available until five minutes after the last input', () => {
    expect(presenceOf(here, 2000)).toEqual({ status: 'available', until: 1000 + awayAfterMs })
    expect(presenceOf(here, 1000 + awayAfterMs - 1).status).toBe('available')
    expect(presenceOf(here, 1000 + awayAfterMs)).toEqual({ status: 'away', until: undefined })
  })

  it('counts the time hidden from when it began', () => {
    const hidden = { ...here, hiddenSince: 500 }
    expect(presenceOf(hidden, 2000).until).toBe(500 + awayAfterMs)
    expect(presenceOf(hidden, 500 + awayAfterMs).status).toBe('away')
  })
})
