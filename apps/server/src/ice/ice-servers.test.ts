import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createIceServers, type IceServersOptions } from './ice-servers.ts'

const secret = 'a secret of this very test'
const now = 1_800_000_000_000

const given = (options: Partial<IceServersOptions> = {}): IceServersOptions => ({
  port: () => 3478,
  tlsPort: () => 8443,
  secrets: [secret],
  host: '0.0.0.0',
  names: () => ['203.0.113.5'],
  revokeUser: () => {},
  now: () => now,
  ...options,
})

function urls(hostHeader: string | undefined, options: Partial<IceServersOptions> = {}) {
  return createIceServers(given(options)).iceServers('ann', hostHeader)
}

const first = (...given: Parameters<typeof urls>) => urls(...given)[0]?.urls[0]

describe('ICE servers', () => {
  it('are under the name by which the client came', () => {
    expect(first('meet.example.com')).toBe('stun:meet.example.com:3478')
    expect(first('192.168.1.20:8443')).toBe('stun:192.168.1.20:3478')
    expect(first('[2001:db8::1]:8443')).toBe('stun:[2001:db8::1]:3478')
    expect(first('localhost:8443')).toBe('stun:127.0.0.1:3478')
    expect(first('localhost:8443', { host: '::1' })).toBe('stun:[::1]:3478')
  })

  it('are under a known name where the client said none, or nonsense', () => {
    for (const header of [undefined, '', 'a b', 'x?transport=udp', '-', 'meet.example.com:3478,turn:evil']) {
      expect(first(header)).toBe('stun:203.0.113.5:3478')
    }
    expect(urls(undefined, { names: () => [] })).toEqual([])
  })

  it('are none when STUN and TURN are off, and without TLS where something in front takes it off', () => {
    expect(urls('meet.example.com', { port: () => undefined })).toEqual([])
    expect(urls('meet.example.com', { tlsPort: () => undefined })[1]?.urls).toEqual([
      'turn:meet.example.com:3478?transport=udp',
      'turn:meet.example.com:3478?transport=tcp',
    ])
  })

  it('carry credentials that end in an hour, made with the first secret', () => {
    const [, turn] = urls('meet.example.com', { secrets: [secret, 'an older one'] })
    const username = `${now / 1000 + 3600}:ann`
    const credential = createHmac('sha1', secret).update(username).digest('base64')
    expect(turn).toMatchObject({ username, credential })
    expect(turn?.urls[2]).toBe('turns:meet.example.com:8443?transport=tcp')
  })

  it('carry another user name once an identity was revoked, until those from before have ended', () => {
    let wallMs = now
    const revoked: (readonly [string, number])[] = []
    const source = createIceServers({
      ...given(),
      revokeUser: (user, untilMs) => revoked.push([user, untilMs]),
      now: () => wallMs,
    })
    const name = (identity: string) => source.iceServers(identity)[1]?.username?.replace(/^\d+:/, '')
    expect(name('ann')).toBe('ann')
    source.revoke('ann')
    expect([name('ann'), name('bob')]).toEqual(['ann~1', 'bob'])
    source.revoke('ann')
    expect(name('ann')).toBe('ann~2')
    expect(revoked).toEqual([
      ['ann', now + 3600_000],
      ['ann~1', now + 3600_000],
    ])
    wallMs += 3600_000
    source.revoke('bob')
    expect([name('ann'), name('bob')]).toEqual(['ann', 'bob~1'])
  })

  it('carry no credentials for longer than the rights that they are for', () => {
    const until = (ms: number) => createIceServers(given()).iceServers('ann', 'x', now + ms)
    expect(until(60_000)[1]?.username).toBe(`${now / 1000 + 60}:ann`)
    expect(until(100 * 3_600_000)[1]?.username).toBe(`${now / 1000 + 3600}:ann`)
    expect(until(0)).toEqual([{ urls: ['stun:x:3478'] }])
  })

  it.each(['auth0|5f7c', 'Ann Smith', '安', 'a"b', 'x'.repeat(200)])(
    'call %s by a name that fits everywhere',
    identity => {
      const [, turn] = createIceServers(given()).iceServers(identity, 'x')
      expect(turn?.username).toMatch(/^\d+:[\w-]{43}$/)
    },
  )
})
