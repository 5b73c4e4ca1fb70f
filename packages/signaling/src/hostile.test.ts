import { type RequestName, requests } from '@parley/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SignalingLimits } from './limits.ts'
import { TestClient } from './testing/client.ts'
import { house } from './testing/house.ts'
import { RawSocket } from './testing/raw-socket.ts'
import { samples } from './testing/samples.ts'

const home = house()
const { start, come, pair } = home

const names = Object.keys(requests) as RequestName[]
const plenty = { perSecond: 1e6, burst: 1e6 }
const unlimited: Partial<SignalingLimits> = {
  requests: plenty,
  chat: plenty,
  cursors: plenty,
  invites: plenty,
  wireMessages: plenty,
  wireBytes: { perSecond: 1e9, burst: 1e9 },
}

/** Two people whose talk must go on, whatever somebody else does; `intact` says whether it did. */
async function bystanders() {
  const [ann, bob] = await pair('private-talk')
  let said = 0
  const talk = async () => {
    const id = `${++said}`
    await ann.ask('chat.send', { room: 'private-talk', id, text: id })
    await bob.next('chat', message => message.id === id)
  }
  const intact = async () => {
    await talk()
    expect(bob.all('chat').map(({ id }) => id)).toEqual(Array.from({ length: said }, (_, i) => `${i + 1}`))
    expect(ann.all('room.left')).toEqual([])
    expect([ann, bob].map(({ socket }) => socket.connected)).toEqual([true, true])
    expect(home.server.heard.errors).toEqual([])
  }
  return { ann, bob, talk, intact }
}

/** A good input with something wrong somewhere inside. */
const spoilt = (good: unknown): fc.Arbitrary<unknown> => {
  if (typeof good !== 'object' || good === null) return fc.jsonValue()
  const keys = Object.keys(good)
  const entries = Object.entries(good)
  const added = fc
    .tuple(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString')), fc.jsonValue())
    .map(([key, value]) => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`))
  const extra = added.map(more => Object.defineProperties({ ...good }, Object.getOwnPropertyDescriptors(more)))
  if (keys.length === 0) return extra
  const replaced = fc
    .constantFrom(...entries)
    .chain(([key, value]) => spoilt(value).map(other => ({ ...good, [key]: other })))
  const missing = fc.constantFrom(...keys).map(key => Object.fromEntries(entries.filter(([other]) => other !== key)))
  return fc.oneof(extra, replaced, missing)
}

describe('bad messages', () => {
  test.each(names)('%s takes anything, and says what is wrong with it', async name => {
    await start({ limits: unlimited })
    const { talk, intact } = await bystanders()
    const mallory = await come()
    const input = fc.oneof(fc.jsonValue(), spoilt(samples[name]))
    await fc.assert(
      fc.asyncProperty(fc.array(input, { minLength: 5, maxLength: 20 }), async inputs => {
        const replies = await Promise.all(inputs.map(one => mallory.raw(name, one)))
        for (const [i, reply] of replies.entries()) {
          // What is refused here must be what the table refuses, and the other way round.
          const fits = requests[name].input.safeParse(inputs[i]).success
          if (!reply.ok) expect(reply.error.code === 'bad-request').toBe(!fits)
          else expect(fits).toBe(true)
        }
        await talk()
      }),
      { numRuns: 20 },
    )
    expect(mallory.socket.connected).toBe(true)
    await intact()
  })

  test.each(names)('%s refuses __proto__ and constructor, at the top and inside', async name => {
    await start({ limits: unlimited })
    const { intact } = await bystanders()
    const raw = await RawSocket.engine(home.server.url)
    raw.say('40{}')
    await expect.poll(() => raw.texts.some(text => text.startsWith('42["welcome"'))).toBe(true)
    const good = JSON.stringify(samples[name])
    const places = [...good.matchAll(/\{/g)].map(({ index }) => index + 1)
    const bad = places.flatMap(place =>
      ['__proto__', 'constructor'].map(key => {
        const rest = good.slice(place)
        return `${good.slice(0, place)}"${key}":{"polluted":true}${rest.startsWith('}') ? '' : ','}${rest}`
      }),
    )
    for (const [id, text] of bad.entries()) raw.say(`42${id}["${name}",${text}]`)
    const answers = () => raw.texts.filter(text => text.startsWith('43'))
    await expect.poll(() => answers().length).toBe(bad.length)
    for (const text of answers()) expect(text).toContain('"code":"bad-request"')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    raw.ws.close()
    await intact()
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'error', 'message', 'room.JOIN', ''])(
    'a request named %j does not exist',
    async name => {
      await start()
      const { intact } = await bystanders()
      const mallory = await come()
      expect(await mallory.raw(name, {})).toMatchObject({ ok: false, error: { code: 'bad-request' } })
      expect(home.server.heard.requests).toContainEqual(['unknown', 'bad-request'])
      await intact()
    },
  )

  test('requests without an acknowledgement, without an input, with too much, or with a number for a name', async () => {
    await start()
    const { intact } = await bystanders()
    const mallory = await come()
    mallory.socket.emit('room.join', { room: 'x' })
    mallory.socket.emit('room.join', 'not an object')
    mallory.socket.emit('room.join')
    expect(await mallory.raw('room.join')).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^room/) },
    })
    expect(await mallory.raw('ice.servers')).toMatchObject({ ok: true })
    expect(await mallory.raw('room.leave', { room: 'x' }, 'and', ['more'])).toMatchObject({ ok: true })
    const raw = await RawSocket.engine(home.server.url)
    raw.say('40{}')
    await expect.poll(() => raw.texts.some(text => text.startsWith('42["welcome"'))).toBe(true)
    raw.say('421[7,{}]', '422["ice.servers",{}]')
    await expect.poll(() => raw.texts.filter(text => text.startsWith('43')).length).toBe(2)
    expect(raw.texts.find(text => text.startsWith('431'))).toContain('bad-request')
    raw.ws.close()
    await intact()
  })

  test('binary where text belongs', async () => {
    await start()
    const { intact } = await bystanders()
    const mallory = await come()
    const bytes = Buffer.from('x')
    for (const name of names) {
      if (name === 'ice.servers') continue
      const [first = ''] = Object.keys(samples[name])
      expect(await mallory.raw(name, bytes)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
      expect(await mallory.raw(name, { ...samples[name], [first]: bytes })).toMatchObject({ ok: false })
    }
    await intact()
  })

  test('an error names the place and does not echo without end', async () => {
    await start()
    const mallory = await come()
    const track = { id: 't', source: 'camera', muted: 'yes' }
    const reply = await mallory.raw('participant.update', { room: 'x', tracks: [track] })
    expect(reply).toMatchObject({ error: { message: expect.stringMatching(/^tracks\[0\]\.muted: .*boolean/) } })
    const long = await mallory.raw('room.leave', { room: 'x', ['y'.repeat(50_000)]: 1 })
    expect(JSON.stringify(long).length).toBeLessThan(500)
  })
})

describe('bad connections', () => {
  test.each([
    ['no packet at all', 'hello'],
    ['broken JSON', '42["room.join",{'],
    ['a reserved event', '42["disconnect"]'],
    ['an acknowledgement of nothing', '430[]'],
    ['too many attachments', '451-1000-["room.join",{}]'],
    ['a pong nobody asked for', '3'],
    ['a ping, which is the server’s to send', '2'],
    ['a connection refusal', '44{"message":"x"}'],
  ])('%s harms nobody else', async (_, text) => {
    await start()
    const { intact } = await bystanders()
    const raw = await RawSocket.engine(home.server.url)
    raw.say('40{}')
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(3)
    raw.say(text)
    await intact()
    raw.ws.close()
  })

  test('a message over 256 KiB closes the connection that sent it', async () => {
    await start()
    const { intact } = await bystanders()
    for (const transports of [['websocket'], ['polling']]) {
      const mallory = await come({}, { transports })
      const gone = mallory.gone()
      mallory.socket.emit('room.join', { room: 'x'.repeat(270_000) })
      await gone
      await intact()
    }
  })

  test('too many requests are refused, and pass when one slows down', async () => {
    await start({ limits: { requests: { perSecond: 10, burst: 20 } } })
    const { intact } = await bystanders()
    const mallory = await come()
    const flood = () => Promise.all(Array.from({ length: 30 }, () => mallory.raw('ice.servers', {})))
    const replies = await flood()
    expect(replies.filter(({ ok }) => ok)).toHaveLength(20)
    expect(replies.at(-1)).toMatchObject({ error: { code: 'rate-limited' } })
    // Coming back does not fill the budget.
    await mallory.drop()
    const again = await come(mallory.comeback)
    expect(await again.raw('ice.servers', {})).toMatchObject({ error: { code: 'rate-limited' } })
    home.server.clock.advance(1000)
    expect(await again.raw('ice.servers', {})).toMatchObject({ ok: true })
    await intact()
  })

  test('chat and invitations have budgets of their own', async () => {
    const few = { perSecond: 0, burst: 2 }
    await start({ limits: { chat: few, invites: few } })
    const [ann] = await pair()
    const send = (id: string) => ann.raw('chat.send', { room: 'x', id, text: 'hi' })
    expect([await send('1'), await send('2'), await send('3')].map(({ ok }) => ok)).toEqual([true, true, false])
    for (let i = 0; i < 3; i++) await ann.raw('call.invite', { call: 'c', to: 'nobody', media: 'audio' })
    expect(home.server.heard.requests.slice(-3).map(([, outcome]) => outcome)).toEqual([
      'not-online',
      'not-online',
      'rate-limited',
    ])
    await ann.ask('ice.servers', {})
  })

  test('descriptions are paid for by their length', async () => {
    await start({ limits: { descriptions: { perSecond: 10, burst: 1000 } } })
    const [ann] = await pair()
    const negotiate = (seq: number) => {
      const signal = { kind: 'description', description: { type: 'offer', sdp: 'x'.repeat(400) } } as const
      return ann.raw('media.negotiate', { room: 'x', side: 'publish', connection: 'c', seq, signal })
    }
    const codes: unknown[] = []
    for (let seq = 0; seq < 3; seq++) {
      const reply = await negotiate(seq)
      codes.push(reply.ok ? 'ok' : reply.error.code)
    }
    expect(codes).toEqual(['no-sfu', 'no-sfu', 'rate-limited'])
  })

  test.each<[string, Partial<SignalingLimits>, (client: TestClient) => void]>([
    [
      'messages',
      { wireMessages: { perSecond: 0, burst: 200 } },
      client => {
        for (let i = 0; i < 300; i++) client.socket.emit('nonsense')
      },
    ],
    [
      'bytes',
      { wireBytes: { perSecond: 0, burst: 200_000 } },
      client => {
        for (let i = 0; i < 10; i++) client.socket.emit('nonsense', 'x'.repeat(30_000))
      },
    ],
  ])('a flood of %s is cut off', async (_, limits, flood) => {
    await start({ limits })
    const { intact } = await bystanders()
    const mallory = await come()
    const gone = mallory.gone()
    flood(mallory)
    await gone
    expect(home.server.heard.refused).toContain('rate-limited')
    await intact()
  })

  test('a page from elsewhere gets in by no door', async () => {
    await start()
    const { intact } = await bystanders()
    const headers = { origin: 'https://evil.test' }
    for (const transports of [['websocket'], ['polling']]) {
      await expect(come({}, { transports, extraHeaders: headers })).rejects.toThrow()
    }
    const relay = new RawSocket(`${home.server.url}/relay/x`, headers)
    await relay.closed
    expect(home.server.heard.refused).toEqual(['origin-refused', 'origin-refused', 'origin-refused'])
    const response = await fetch(`${home.server.url}/socket.io/?EIO=4&transport=polling`, { headers })
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    await intact()
  })

  test('a page from an allowed place gets in, and may read the answers', async () => {
    await start()
    const headers = { origin: 'https://meet.test' }
    for (const transports of [['websocket'], ['polling']]) await come({}, { transports, extraHeaders: headers })
    const response = await fetch(`${home.server.url}/socket.io/?EIO=4&transport=polling`, { headers })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://meet.test')
    expect(await response.text()).toContain('sid')
  })

  test('far too many connections of one address are not even talked to', async () => {
    await start({ limits: { connectionsPerAddress: 2 } })
    await pair()
    const idle = [await RawSocket.engine(home.server.url), await RawSocket.engine(home.server.url)]
    const turnedAway = new RawSocket(`${home.server.url}/socket.io/?EIO=4&transport=websocket`)
    await turnedAway.closed
    const relay = new RawSocket(`${home.server.url}/relay/x`)
    await relay.closed
    expect(home.server.heard.refused).toEqual(['too-many-connections', 'too-many-connections'])
    for (const { ws } of idle) ws.close()
  })

  test('an unknown namespace is refused', async () => {
    await start()
    const { intact } = await bystanders()
    const client = new TestClient(`${home.server.url}/admin`)
    await new Promise(done => client.socket.once('connect_error', done))
    client.leave()
    await intact()
  })
})
