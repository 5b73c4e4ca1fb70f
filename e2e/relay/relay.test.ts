import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { expectToSeeAndHear, openStage, type Stage } from '../harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  // TURN over TLS wants a certificate that is trusted, which a page's exceptions do not reach.
  stage = await openStage({ flags: ['--host', '127.0.0.1'], browserFlags: ['--ignore-certificate-errors'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** Lets a page use nothing but relays, and of these only those whose address matches. */
const relayedBy = (wanted: string) => `{
  const Native = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration = {}) {
      const iceServers = (configuration.iceServers ?? []).map(server => ({
        ...server,
        urls: [server.urls].flat().filter(url => new RegExp(${JSON.stringify(wanted)}).test(url)),
      })).filter(server => server.urls.length > 0)
      super({ ...configuration, iceServers, iceTransportPolicy: 'relay' })
    }
    setConfiguration(configuration) {
      const { iceServers } = this.getConfiguration()
      super.setConfiguration({ ...configuration, iceServers, iceTransportPolicy: 'relay' })
    }
  }
}`

const ways = [
  { protocol: 'udp', urls: '^turn:.*transport=udp$' },
  { protocol: 'tcp', urls: '^turn:.*transport=tcp$' },
  { protocol: 'tls', urls: '^turns:' },
]

it.each(ways)(
  'a call that may only be relayed goes over $protocol, and the panel says so',
  async ({ protocol, urls }) => {
    const initScript = relayedBy(urls)
    const ann = await stage.person('Ann', { initScript })
    const bob = await stage.person('Bob', { initScript })
    await Promise.all([ann, bob].map(person => person.enter(`relay-${protocol}`)))
    await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])

    await ann.page.getByRole('button', { name: 'More', exact: true }).click()
    await ann.page.getByRole('menuitem', { name: 'Statistics' }).click()
    await ann.page.getByText('Relayed', { exact: true }).waitFor()
    await expect
      .poll(() => ann.page.locator('dt:has-text("Protocol") + dd').innerText())
      .toMatch(new RegExp(protocol, 'i'))
  },
)
