import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { candidateOf, type Gathering, groupErrors, type RawCandidate } from './gathering.ts'
import { type AskedServer, judgeServers } from './verdict.ts'

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

const verdicts = (urls: readonly string[], gathering: Gathering, relayOnly = false) =>
  judgeServers({ servers: servers(...urls), relayOnly, gathering }).map(({ verdict }) => verdict)

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

describe('what other browsers and servers do', () => {
  const end = { by: 'browser', atMs: 100 } as const
  const relay = candidateOf({ type: 'relay', address: '198.51.100.7', port: 5000 }, 40)

  test('a candidate without an address of its server counts where only one can be meant', () => {
    const gathering = { candidates: [relay], errors: [], end }
    expect(verdicts(['turn:a.example'], gathering)[0]).toEqual({ is: 'ok', atMs: 40, address: '198.51.100.7:5000' })
    expect(verdicts(['turn:a.example', 'turn:b.example'], gathering).map(({ is }) => is)).toEqual([
      'no-answer',
      'no-answer',
    ])
  })

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
