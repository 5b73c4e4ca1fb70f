import { type InsideHost, Internet, natKinds } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, callerOn } from './caller.ts'
import { type ParleyOnHost, startParleyOn } from './parley-on.ts'

const pairs = natKinds.flatMap(left => natKinds.map(right => [left, right] as const))

describe.skipIf(process.getuid?.() !== 0)('calls between real NATs (needs root)', () => {
  let internet: Internet
  let parley: ParleyOnHost
  let annAt: InsideHost
  let bobAt: InsideHost
  let ann: Caller
  let bob: Caller

  beforeAll(async () => {
    internet = await Internet.create()
    const server = await internet.publicHost('server')
    annAt = await internet.natHost('ann', 'full-cone')
    bobAt = await internet.natHost('bob', 'full-cone')
    // This internet's addresses are of a range that is for documentation, to which relays do not send by themselves.
    parley = await startParleyOn(server, ['--turn-allow-peer', '203.0.113.0/24'])
    ann = await callerOn(annAt, 'Ann')
    bob = await callerOn(bobAt, 'Bob')
  })

  afterAll(async () => {
    await ann?.close()
    await bob?.close()
    await parley?.close()
    await internet?.close()
  })

  it.each(pairs)('%s and %s: each decodes frames of the other, who joined in the same moment', async (left, right) => {
    await Promise.all([annAt.setNat(left), bobAt.setNat(right)])
    const room = `${left}-and-${right}`
    const people = await Promise.all([ann.arrive(parley.url, room), bob.arrive(parley.url, room)])
    await Promise.all(people.map(person => person.join()))
    const decoding = () =>
      Promise.all(people.map(person => person.path().then(path => (path?.framesDecoded ?? 0) > 10)))
    try {
      await expect.poll(decoding, { timeout: 60_000, interval: 250 }).toEqual([true, true])
      const [path] = await Promise.all(people.map(person => person.path()))
      console.log(`${left} and ${right}: ${path?.local} to ${path?.remote}`)
    } finally {
      await Promise.all(people.map(person => person.leave()))
    }
  })
})
