import { type InsideHost, Internet, natKinds } from '@parley/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPerson, type Person } from '../harness/person.ts'
import { expectToSeeAndHear } from '../harness/stage.ts'
import { paths } from '../sfu/paths.ts'
import { type BrowserOnHost, browserOn } from './caller.ts'
import { type ParleyOnHost, startParleyOn } from './parley-on.ts'

const pairs = natKinds.flatMap(left => natKinds.map(right => [left, right] as const))

describe.skipIf(process.getuid?.() !== 0)('calls between real NATs (needs root)', () => {
  let internet: Internet
  let parley: ParleyOnHost
  let hosts: readonly InsideHost[] = []
  let browsers: readonly BrowserOnHost[] = []
  let people: readonly Person[] = []

  beforeAll(async () => {
    internet = await Internet.create()
    const server = await internet.publicHost('server')
    hosts = [await internet.natHost('ann', 'full-cone'), await internet.natHost('bob', 'full-cone')]
    // This internet's addresses are of a range that is for documentation, to which relays do not send by themselves.
    parley = await startParleyOn(server, ['--turn-allow-peer', '203.0.113.0/24'])
    browsers = await Promise.all(hosts.map(host => browserOn(host)))
  })

  afterEach(() => Promise.all(people.map(person => person.close())))

  afterAll(async () => {
    await Promise.all(browsers.map(browser => browser.close()))
    await parley?.close()
    await internet?.close()
  })

  it.each(pairs)('%s and %s: each sees and hears the other, who joined in the same moment', async (...kinds) => {
    await Promise.all(hosts.map((host, index) => host.setNat(kinds[index] ?? expect.unreachable())))
    people = await Promise.all(browsers.map(({ browser }) => openPerson(browser, parley, 'Somebody')))
    await Promise.all(people.map(person => person.arrive(kinds.join('-and-'))))
    await Promise.all(people.map(person => person.join()))
    await Promise.all(people.map(person => expectToSeeAndHear(person, 1)))
    const [ann] = await Promise.all(people.map(person => paths(person.page)))
    console.log(`${kinds.join(' and ')}: ${ann}`)
  })
})
