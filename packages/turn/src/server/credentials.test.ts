import { Encoder, stun } from '@parley/stun'
import { describe, expect, it } from 'vitest'
import { makeCredential, restCredentials } from '../credentials/rest.ts'
import { codeOf, type TestClient, udpTransport } from '../testing/test-client.ts'
import { TestSite } from '../testing/test-server.ts'

describe('credentials', () => {
  it.each([
    ['no name', [stun.realm, stun.nonce], 400],
    ['no realm', [stun.username, stun.nonce], 400],
    ['no nonce', [stun.username, stun.realm], 400],
  ] as const)('are refused with %s', (_, given, code) => {
    const encoder = new Encoder(new Uint8Array(500)).message('request', 'allocate')
    for (const attribute of given) encoder.add(attribute, 'turn')
    encoder.integrity(new Uint8Array(16), { hmac: () => new Uint8Array(20), digest: () => new Uint8Array(16) })
    expect(codeOf(new TestSite().client().raw(encoder.finish().slice()))).toBe(code)
  })

  it('are refused with a wrong password, name or realm: 401 and a new challenge', () => {
    const site = new TestSite()
    for (const [field, value] of [
      ['password', 'guess'],
      ['username', 'eve'],
      ['realm', 'else'],
    ] as const) {
      const client = site.client()
      client[field] = value
      const reply = client.request('allocate', udpTransport)
      expect([codeOf(reply), reply.has(stun.nonce), reply.has(stun.messageIntegrity)]).toEqual([401, true, false])
    }
    expect(site.net.opened).toBe(0)
  })

  it('that are over are told from wrong ones, which the reply does not do', () => {
    const site = new TestSite({ credentials: restCredentials(['secret']) })
    const { username, credential } = makeCredential(['secret'], 'ann', 60, site.wallMs)
    site.wallMs += 3660_000
    const late = Object.assign(site.client(), { username, password: credential })
    expect(late.ask('allocate', udpTransport)).toBe(401)
    const guess = Object.assign(site.client(), { username, password: 'guess' })
    expect(guess.ask('allocate', udpTransport)).toBe(401)
    expect(site.server.counters()).toMatchObject({
      credentialsExpired: 1,
      credentialsExpiredS: 3600,
      credentialsWrong: 1,
    })
  })

  it('need a nonce that is ours, of this client, and not older than an hour', () => {
    const site = new TestSite()
    const client = site.client('1.1.1.1:1')
    expect(client.ask('allocate', udpTransport)).toBe('ok')
    const thief = site.client('1.1.1.1:2')
    thief.nonce = client.nonce
    expect(thief.ask('allocate', udpTransport)).toBe(438)
    for (const nonce of ['', 'x', 'a'.repeat(16), `${client.nonce}a`]) {
      thief.nonce = nonce
      const reply = thief.request('allocate', udpTransport)
      expect([codeOf(reply), reply.get(stun.nonce)?.length]).toEqual([438, 16])
    }
    site.net.now += 3600_000
    expect(client.refresh(600)).toBe(437)
    site.net.now += 1_000
    const stale = client.request('refresh')
    expect(codeOf(stale)).toBe(438)
    client.nonce = stale.get(stun.nonce)
    expect(client.ask('allocate', udpTransport)).toBe('ok')
  })

  it('by the REST convention end when their name says, are rotated, and an allocation outlives them', () => {
    const site = new TestSite({ credentials: restCredentials(['new', 'old']) })
    const made = (secret: string) => makeCredential([secret], 'ann', 100, site.wallMs)
    const login = (client: TestClient, { username, credential }: ReturnType<typeof made>) =>
      Object.assign(client, { username, password: credential })
    const current = login(site.client('1.1.1.1:1'), made('new'))
    expect(current.ask('allocate', udpTransport)).toBe('ok')
    expect(login(site.client('1.1.1.1:2'), made('old')).ask('allocate', udpTransport)).toBe('ok')
    expect(login(site.client('1.1.1.1:3'), made('gone')).ask('allocate', udpTransport)).toBe(401)
    const ending = made('new')
    site.wallMs += 100_000
    expect(login(site.client('1.1.1.1:4'), ending).ask('allocate', udpTransport)).toBe(401)
    expect(current.refresh(600)).toBe('ok')
  })

  it('of somebody who has lost their rights count no longer, and their relays end; others’ and later ones do', () => {
    const site = new TestSite({ credentials: restCredentials(['key']) })
    const login = (port: number, name: string) => {
      const { username, credential } = makeCredential(['key'], name, 3600, site.wallMs)
      return Object.assign(site.client(`1.1.1.1:${port}`), { username, password: credential })
    }
    const [ann, bob] = [login(1, 'ann'), login(2, 'bob')]
    ann.allocate()
    bob.allocate()
    site.server.revoke('ann', site.wallMs + 3600_000)
    expect([ann.allocation, ann.kept, site.server.counters().allocations, site.net.sockets.size]).toEqual([
      undefined,
      0,
      1,
      1,
    ])
    expect([
      ann.refresh(600),
      ann.ask('allocate', udpTransport),
      login(3, 'ann').ask('allocate', udpTransport),
    ]).toEqual([401, 401, 401])
    expect([bob.refresh(600), login(4, 'ann~1').ask('allocate', udpTransport)]).toEqual(['ok', 'ok'])
    expect(site.server.counters()).toMatchObject({ credentialsRevoked: 3, credentialsWrong: 0 })
    site.wallMs += 3600_000
    expect(login(5, 'ann').ask('allocate', udpTransport)).toBe('ok')
  })

  it('count one user for quotas, whatever the name says of its end', () => {
    const site = new TestSite({
      credentials: restCredentials(['key']),
      quotas: { perUser: 1, perSource: 0, total: 0, bandwidthBps: 0 },
    })
    const ask = (port: number, ttl: number) => {
      const { username, credential } = makeCredential(['key'], 'ann', ttl, site.wallMs)
      return Object.assign(site.client(`1.1.1.1:${port}`), { username, password: credential }).ask(
        'allocate',
        udpTransport,
      )
    }
    expect([ask(1, 100), ask(2, 200)]).toEqual(['ok', 486])
  })
})
