import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  candidateOf,
  type Gathering,
  type GatheringError,
  groupErrors,
  mergeGatherings,
  type RawCandidate,
} from './gathering.ts'
import { sameServer } from './server-url.ts'
import { type AskedServer, type JudgeOptions, judgeServers } from './verdict.ts'

type Captured = Record<string, readonly (RawCandidate & { at: number; state?: string; code?: number; text?: string })[]>
const captured = JSON.parse(readFileSync(new URL('testdata/chromium.json', import.meta.url), 'utf8')) as Captured

/** Plays a capture, as far as a time limit would have let it go. */
function play(name: string, limitMs = Number.POSITIVE_INFINITY): Gathering {
  const events = (captured[name] ?? []).filter(({ at }) => at <= limitMs)
  const complete = events.find(({ state }) => state === 'complete')
  return {
    candidates: events.filter(({ type }) => type).map(event => candidateOf(event, event.at)),
    errors: events.flatMap(({ at, url, code, text, address, port }) =>
      code === undefined
        ? []
        : [{ atMs: at, url: url ?? '', code, text: text ?? '', from: address ?? '', fromPort: port ?? undefined }],
    ),
    end: complete ? { by: 'browser', atMs: complete.at } : { by: 'limit', atMs: limitMs },
  }
}

const servers = (...urls: readonly string[]): AskedServer[] =>
  urls.map(url => ({
    url,
    username: url.startsWith('stun') ? '' : 'ann',
    credential: url.startsWith('stun') ? '' : 'x',
  }))

/** What of a gathering with all servers would have come over the connection of one: nothing is known of it but its address. */
const only = ({ candidates, errors, end }: Gathering, url: string): Gathering => ({
  candidates: candidates.filter(({ type, url: from }) => type === 'host' || sameServer(from, url)),
  errors: errors.filter(({ url: of }) => sameServer(of, url)),
  end,
})

const verdicts = (urls: readonly string[], gathering: Gathering, relayOnly = false) =>
  judgeServers({
    servers: servers(...urls),
    relayOnly,
    gatherings: urls.map(url => only(gathering, url)),
  }).map(({ verdict }) => verdict)

/** Of one server, asked over its own connection. */
const verdict = (url: string, gathering: Gathering, more: Partial<JudgeOptions> = {}) =>
  judgeServers({ servers: servers(url), relayOnly: false, gatherings: [gathering], ...more })[0]?.verdict

const ours = [
  'stun:127.0.0.1:44851',
  'turn:127.0.0.1:44851?transport=udp',
  'turn:127.0.0.1:44851?transport=tcp',
  'turns:localhost:45507?transport=tcp',
]

describe('as Chromium gathers', () => {
  test('a good server: all ways to it give a relay; STUN sees the address that this computer has', () => {
    const [stun, udp, tcp, tls] = verdicts(ours, play('good', 10_000))
    expect(stun).toEqual({ is: 'same-address' })
    expect(udp).toEqual({ is: 'ok', atMs: 76, address: '192.0.2.2:62188' })
    expect(tcp).toMatchObject({ is: 'ok', atMs: 75 })
    expect(tls).toMatchObject({ is: 'ok', atMs: 83 })
  })

  test('with relayed candidates alone STUN is not asked', () => {
    expect(verdicts(ours, play('relayOnly', 10_000), true).map(({ is }) => is)).toEqual(['not-asked', 'ok', 'ok', 'ok'])
  })

  test('how the relay is reached is known, also where the browser leaves it out', () => {
    const relays = play('good', 10_000).candidates.filter(({ type }) => type === 'relay')
    expect(new Set(relays.map(({ relayProtocol }) => relayProtocol))).toEqual(new Set(['udp', 'tcp', 'tls']))
  })

  test('a wrong password, told over UDP and inferred for the other ways', () => {
    expect(verdicts(ours.slice(1), play('wrongPassword', 10_000))).toEqual([
      { is: 'wrong-credentials', inferred: false },
      { is: 'wrong-credentials', inferred: true },
      { is: 'wrong-credentials', inferred: true },
    ])
  })

  test('a wrong password is told over TCP and TLS, too', () => {
    const urls = ['turn:127.0.0.1:46407?transport=tcp', 'turns:localhost:45611?transport=tcp']
    const wrong = { is: 'wrong-credentials', inferred: false }
    expect(verdicts(urls, play('wrongPasswordTcp'))).toEqual([wrong, wrong])
  })

  const closed = [
    'stun:127.0.0.1:40999',
    'turn:127.0.0.1:40999?transport=udp',
    'turn:127.0.0.1:40999?transport=tcp',
    'turns:127.0.0.1:40998',
  ]

  test('closed ports: no answer within our limit, unreachable where one waits for the browser', () => {
    expect(verdicts(closed, play('closedPorts', 10_000))).toEqual(
      closed.map(() => ({ is: 'no-answer', withinMs: 10_000 })),
    )
    expect(verdicts(closed, play('closedPorts')).map(({ is }) => is)).toEqual(closed.map(() => 'unreachable'))
  })

  test('a name that nobody knows', () => {
    const [stun, udp] = verdicts(['stun:nowhere.invalid', 'turn:nowhere.invalid'], play('unresolved'))
    expect([stun?.is, udp?.is]).toEqual(['unresolved', 'unresolved'])
  })

  test('silence from every network interface is unreachable, from some of them is not', () => {
    expect(verdicts(['stun:192.0.2.1:3478'], play('silent'))[0]?.is).toBe('unreachable')
    expect(verdicts(['stun:127.0.0.1:46407'], play('sameAddress'))).toEqual([{ is: 'same-address' }])
  })

  test('701 of many interfaces is one line', () => {
    const groups = groupErrors(play('unresolved').errors)
    expect(groups.map(({ count, code, firstAtMs }) => ({ count, code, firstAtMs }))).toEqual([
      { count: 4, code: 701, firstAtMs: 4 },
      { count: 4, code: 701, firstAtMs: 55 },
      { count: 4, code: 701, firstAtMs: 57 },
    ])
    expect(groups[0]?.from).toHaveLength(4)
  })
})

/** Candidates as Firefox 153 has them: no `url`, no `relayProtocol`, and errors without a text. */
describe('as Firefox gathers', () => {
  const host = (address: string, port: number) => candidateOf({ type: 'host', protocol: 'udp', address, port }, 12)
  const hosts = [host('192.0.2.2', 37973), host('fd00::2', 57471)]
  const silent = (url: string, from: string, fromPort?: number): GatheringError => ({
    atMs: 11_139,
    url,
    code: 701,
    text: '',
    from,
    fromPort,
  })
  const through = (atMs: number) => ({ by: 'browser', atMs }) as const
  const relay = (server: string) =>
    candidateOf({ type: 'relay', protocol: 'udp', address: '192.0.2.2', port: 54_744 }, 63, server)

  test('what an old browser leaves out is read from the line', () => {
    const line =
      'candidate:842163049 1 UDP 1677729535 203.0.113.7 49203 typ srflx raddr 192.0.2.2 rport 37973 generation 0'
    expect(candidateOf({ candidate: line }, 12, 'stun:a')).toEqual({
      atMs: 12,
      type: 'srflx',
      foundation: '842163049',
      protocol: 'udp',
      address: '203.0.113.7',
      port: 49_203,
      priority: { type: 100, local: 30, component: 255 },
      url: 'stun:a',
      relayProtocol: '',
      related: '192.0.2.2:37973',
    })
    expect(candidateOf({ candidate: line, address: '198.51.100.9' }, 12).address).toBe('198.51.100.9')
  })

  test('a relay is that of the server that was asked, and the way to it is known from its address', () => {
    const url = 'turns:localhost:42231?transport=tcp'
    expect(relay(url)).toMatchObject({ url, relayProtocol: 'tls' })
    // The interface that could not reach it does not count.
    const gathering = { candidates: [...hosts, relay(url)], errors: [silent(url, 'fd00::2')], end: through(65) }
    expect(verdict(url, gathering)).toEqual({ is: 'ok', atMs: 63, address: '192.0.2.2:54744' })
  })

  test('STUN that brings no news: through at once, without a candidate and without an error', () => {
    expect(verdict('stun:192.0.2.2:3478', { candidates: hosts, errors: [], end: through(31) })?.is).toBe('same-address')
  })

  test('one 701 of one interface is no verdict', () => {
    const mixed = { candidates: hosts, errors: [silent('stun:stun.example', 'fd00::2', 57471)], end: through(11_140) }
    expect(verdict('stun:stun.example', mixed)?.is).toBe('cannot-tell')
    expect(verdict('stun:192.0.2.9', mixed)?.is).toBe('same-address')
    const all = { ...mixed, errors: [...mixed.errors, silent('stun:stun.example', '192.0.2.2', 37973)] }
    expect(verdict('stun:stun.example', all)).toEqual({ is: 'unreachable', text: '' })
  })

  test('silence from the one interface of the server’s IP version', () => {
    const url = 'stun:198.51.100.1'
    expect(
      verdict(url, { candidates: hosts, errors: [silent(url, '192.0.2.2', 37973)], end: through(11_126) })?.is,
    ).toBe('unreachable')
  })

  test('candidates that lack every optional field', () => {
    const bare = candidateOf({}, 5, 'turn:a.example')
    expect(bare).toMatchObject({ type: '', url: '', relayProtocol: '', address: '', related: '', priority: undefined })
    const gathering = { candidates: [bare, candidateOf({ type: 'host' }, 5)], errors: [], end: through(40) }
    expect(verdict('turn:a.example', gathering)?.is).toBe('no-answer')
    expect(verdict('stun:a.example', gathering)?.is).toBe('no-answer')
  })
})

test('gatherings of several connections are shown as one: each address of this computer once', () => {
  const host = (port: number) => candidateOf({ type: 'host', protocol: 'udp', address: '192.0.2.2', port }, port)
  const relay = candidateOf({ type: 'relay', address: '198.51.100.7', port: 9 }, 2, 'turn:a.example')
  const one = { candidates: [host(3)], errors: [], end: { by: 'browser', atMs: 4 } } as const
  const two = { candidates: [relay, host(1)], errors: [], end: { by: 'limit', atMs: 9 } } as const
  expect(mergeGatherings([one, two])).toEqual({
    candidates: [host(1), relay],
    errors: [],
    end: { by: 'limit', atMs: 9 },
  })
  expect(mergeGatherings([one, { ...two, end: undefined }]).end).toBeUndefined()
})

describe('why a relay is not to be had', () => {
  const nothing = { candidates: [], errors: [], end: { by: 'limit', atMs: 6000 } } as const
  const refused = {
    ...nothing,
    errors: [{ atMs: 5, url: 'turn:a.example', code: 401, text: '', from: '', fromPort: undefined }],
  }

  test('TURN over TLS at the very door this page came through wants its certificate trusted', () => {
    const door = 'meet.example:8443'
    expect(verdict('turns:meet.example:8443?transport=tcp', nothing, { door })).toEqual({ is: 'untrusted' })
    expect(verdict('turns:meet.example:5349', nothing, { door })?.is).toBe('no-answer')
    expect(verdict('turn:meet.example:8443?transport=tcp', nothing, { door })?.is).toBe('no-answer')
  })

  test('a password that has ended, by the server’s clock, and one that is wrong', () => {
    const of = (username: string, now?: number) =>
      judgeServers({
        servers: [{ url: 'turn:a.example', username, credential: 'x' }],
        relayOnly: true,
        gatherings: [refused],
        now,
      })[0]?.verdict
    const now = 1_800_000_000_000
    expect(of('1799996400:ann', now)).toEqual({ is: 'wrong-credentials', inferred: false, endedForMs: 3_600_000 })
    expect(of('1800003600:ann', now)).toEqual({ is: 'wrong-credentials', inferred: false })
    expect(of('1799996400:ann')).toEqual({ is: 'wrong-credentials', inferred: false })
    expect(of('ann', now)).toEqual({ is: 'wrong-credentials', inferred: false })
  })
})

describe('what other browsers and servers do', () => {
  const end = { by: 'browser', atMs: 100 } as const
  const relay = candidateOf({ type: 'relay', address: '198.51.100.7', port: 5000 }, 40, 'turn:a.example')

  test('an answer beats the errors of other interfaces; a quota is said by its code', () => {
    const error = { atMs: 5, url: 'turn:a.example:3478?transport=udp', text: 'Quota', from: '', fromPort: undefined }
    const refused = { candidates: [], errors: [{ ...error, code: 486 }], end }
    expect(verdicts(['turn:a.example'], refused)[0]).toEqual({ is: 'refused', code: 486, text: 'Quota' })
    const answered = { candidates: [relay], errors: [{ ...error, code: 701 }], end }
    expect(verdicts(['turn:a.example'], answered)[0]?.is).toBe('ok')
  })

  test('while it runs nothing is judged that may still come', () => {
    const running = { candidates: [], errors: [], end: undefined }
    expect(verdicts(['stun:a.example', 'turn:a.example'], running).map(({ is }) => is)).toEqual(['waiting', 'waiting'])
  })
})
