import { fewFrames, type Host, Internet } from '@parley/testkit'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { openPerson, type Person } from '../harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from '../harness/stage.ts'
import { type BrowserOnHost, browserOn } from '../nat/caller.ts'
import { type ParleyOnHost, startParleyOn } from '../nat/parley-on.ts'
import { expectPaths } from './paths.ts'

/** Leaves of the relays and STUN servers that a page is given those whose URL matches. */
const serversThat = (match: string) => `{
  const chosen = configuration => ({
    ...configuration,
    iceServers: (configuration.iceServers ?? []).map(server => ({
      ...server,
      urls: [server.urls].flat().filter(url => new RegExp(${JSON.stringify(match)}).test(url)),
    })).filter(server => server.urls.length > 0),
  })
  const Native = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration = {}) {
      super(chosen(configuration))
    }
    setConfiguration(configuration) {
      super.setConfiguration(chosen(configuration))
    }
  }
}`

const overUdp = /^(host|prflx) over udp to host over udp$/
const overTls = /^relay over tls to host over udp$/

const noServers = serversThat('^$')

/** Keeps from a page that the SFU is reached by TCP, too: which of two good ways a browser takes is its own choice. */
const withoutTcp = `{
  const native = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return native.call(this, { type, sdp: sdp.replace(/^a=candidate:\\S+ \\d+ tcp .*\\r\\n/gim, '') })
  }
}`

/** The web app's “Use the relay only”, and of the relays those whose URL matches. */
const relayOnly = (match: string) => `{
  const settings = JSON.parse(localStorage.getItem('parley.settings') ?? '{}')
  localStorage.setItem('parley.settings', JSON.stringify({ ...settings, relayOnly: true }))
}
${serversThat(match)}`

async function meet(room: string, ...people: readonly Person[]): Promise<void> {
  await Promise.all(people.map(person => person.enter(room)))
  await Promise.all(people.map(person => expectToSeeAndHear(person, people.length - 1)))
}

describe('on one machine', () => {
  let stage: Stage
  beforeAll(async () => {
    const flags = ['--host', '127.0.0.1', '--topology', 'sfu']
    stage = await openStage({ flags, browserFlags: [fewFrames, '--ignore-certificate-errors'] })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  it.each(['udp', 'tls'])('who may only be relayed reaches the SFU by its private address, over %s', async protocol => {
    const urls = protocol === 'tls' ? '^turns:' : `^turn:.*transport=${protocol}$`
    const ann = await stage.person('Ann', { initScript: relayOnly(urls) })
    const bob = await stage.person('Bob', { initScript: withoutTcp })
    await meet(`relay-${protocol}`, ann, bob)
    await expectPaths(ann.page, protocol === 'tls' ? overTls : /^relay over udp to host over udp$/)
    await expectPaths(bob.page, overUdp)
  })
})

describe.skipIf(process.getuid?.() !== 0)('behind a firewall without UDP (needs root)', () => {
  const open: { close(): Promise<unknown> }[] = []
  let parley: ParleyOnHost
  let behind: BrowserOnHost
  let outside: BrowserOnHost
  let people: Person[] = []

  beforeAll(async () => {
    const internet = await Internet.create()
    open.push(internet)
    const server = await internet.publicHost('server')
    parley = await startParleyOn(server, ['--topology', 'sfu'])
    open.push(parley)
    const launch = async (host: Host) => {
      const launched = await browserOn(host, fewFrames)
      open.push(launched)
      return launched
    }
    behind = await launch(await internet.natHost('ann', 'udp-blocked'))
    outside = await launch(await internet.publicHost('bob'))
  })

  afterEach(async () => {
    await Promise.all(people.map(person => person.close()))
    people = []
  })

  afterAll(async () => {
    for (const thing of open.reverse()) await thing.close()
  })

  async function pair(room: string, initScript = ''): Promise<readonly [Person, Person]> {
    const ann = await openPerson(behind.browser, parley, 'Ann', { initScript })
    const bob = await openPerson(outside.browser, parley, 'Bob', { initScript: withoutTcp })
    people = [ann, bob]
    await meet(room, ann, bob)
    return [ann, bob]
  }

  it('media goes to the SFU over TCP, and on to others over UDP', async () => {
    // With a relay at hand the browser may choose it, for a while or for good.
    const [ann, bob] = await pair('ice-tcp', noServers)
    await expectPaths(ann.page, /^(host|prflx) over tcp to host over tcp$/)
    await expectPaths(bob.page, overUdp)
  })

  it('who may only be relayed reaches the SFU over TURN and TLS', async () => {
    const [ann] = await pair('turn-tls', relayOnly('^turns:'))
    await expectPaths(ann.page, overTls)
  })
})
