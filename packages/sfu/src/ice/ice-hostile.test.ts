import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { IceCredentials } from '../control.ts'
import { makeCheck } from '../testing/prober.ts'
import { alice, mallory, mobile, ours, Site, theirs } from './testing/site.ts'

let site: Site
beforeEach(() => {
  site = new Site()
})

describe('whatever comes', () => {
  it('nothing throws, and nothing but answers to what is authentic is sent', () => {
    const agent = site.open('alice')
    const valid = makeCheck({ local: theirs, remote: ours }).slice()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(valid.length),
        (changes, length) => {
          const bytes = valid.slice(0, length === 0 ? valid.length : length)
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          const same = bytes.length === valid.length && bytes.every((byte, i) => byte === valid[i])
          if (!same) expect(site.bring(bytes, mallory)).toBeUndefined()
        },
      ),
      { numRuns: 2000 },
    )
    expect([agent.path, site.registry.paths]).toEqual([undefined, 0])
  })

  it('checks in any order keep at most one path in use, and the registry in step', () => {
    const addresses = [alice, mobile, mallory]
    fc.assert(
      fc.property(
        fc.array(fc.record({ who: fc.nat(1), from: fc.nat(2), nominates: fc.boolean(), after: fc.nat(12_000) })),
        steps => {
          const site = new Site()
          const second: IceCredentials = { ufrag: 'bobs', password: 'the password of bob, long' }
          const agents = [site.open('a'), site.open('b', second)]
          for (const { who, from, nominates, after } of steps) {
            for (const agent of agents) site.pass(agent, after / 2)
            site.check(addresses[from], nominates, who === 0 ? ours : second)
            for (const [i, agent] of agents.entries()) {
              const { path } = agent
              if (path) expect(site.registry.find(path.socket, path.remote)?.agent.owner).toBe(i === 0 ? 'a' : 'b')
            }
          }
          for (const agent of agents) site.pass(agent, 60_000)
          expect(site.registry.paths).toBe(0)
          expect(agents.map(({ path }) => path)).toEqual([undefined, undefined])
        },
      ),
      { numRuns: 300 },
    )
  })
})
