import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flag, list, number, oneOf, settingsCodec, text } from './permalink.ts'

const codec = settingsCodec({
  relayOnly: flag(false),
  pool: number(0, { min: 0, max: 10 }),
  codec: oneOf(['any', 'vp8', 'h264'], 'any'),
  servers: list([]),
  note: text(''),
})

describe('a permalink', () => {
  it('says only what differs from the defaults', () => {
    expect(codec.encode(codec.fallback)).toBe('')
    expect(codec.encode({ ...codec.fallback, relayOnly: true, pool: 3 })).toBe('relayOnly=1&pool=3')
  })

  it('brings every setting back', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 0, max: 10 }),
        fc.constantFrom('any' as const, 'vp8' as const, 'h264' as const),
        fc.array(fc.string(), { maxLength: 5 }),
        fc.string({ maxLength: 100 }),
        (relayOnly, pool, name, servers, note) => {
          const settings = { relayOnly, pool, codec: name, servers, note }
          expect(codec.decode(`#${codec.encode(settings)}`)).toEqual(settings)
        },
      ),
    )
  })

  it('falls back where a value makes no sense', () => {
    expect(codec.decode('#relayOnly=yes&pool=99&codec=av9&servers=[1]&other=1')).toEqual(codec.fallback)
    expect(codec.decode('#pool=&servers=[')).toEqual(codec.fallback)
  })
})
