import { Address } from '@parley/udp'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentChecks } from './recent-checks.ts'

const transaction = (n: number) => Uint8Array.from({ length: 12 }, (_, i) => (i === 11 ? n : 7))

it('tells a check that comes again from elsewhere, as long as it is one of the last 32', () => {
  const check = fc.record({ id: fc.integer({ min: 0, max: 60 }), port: fc.integer({ min: 1, max: 3 }) })
  fc.assert(
    fc.property(fc.array(check, { maxLength: 200 }), checks => {
      const recent = new RecentChecks()
      const model = new Map<number, number>()
      for (const { id, port } of checks) {
        const first = model.get(id)
        expect(recent.isReplay(transaction(id), Address.parse('192.0.2.1', port))).toBe(
          first !== undefined && first !== port,
        )
        if (first === undefined) model.set(id, port)
        const [oldest] = model.keys()
        if (model.size > 32 && oldest !== undefined) model.delete(oldest)
      }
    }),
  )
})
