import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import type { SignalingLimits } from './limits.ts'
import type { TestClient } from './testing/client.ts'
import { house } from './testing/house.ts'
import { RawSocket } from './testing/raw-socket.ts'

const home = house()
const { start, come, pair } = home

const plenty = { perSecond: 1e9, burst: 1e9 }
const MiB = 1024 * 1024

/** Fails unless honest requests are answered while something else goes on; prints the longest delay of as many as fit. */
async function expectAnswersBeside<T>(honest: TestClient, work: Promise<T>): Promise<void> {
  let longest = 0
  let over = false
  const done = work.finally(() => {
    over = true
  })
  while (!over) {
    const before = performance.now()
    expect(await honest.raw('ice.servers', {})).toMatchObject({ ok: true })
    longest = Math.max(longest, performance.now() - before)
  }
  await done
  console.log(`an honest request beside it: at most ${Math.round(longest)} ms`)
}

/** Fills a room's chat with what is shown to late joiners, and more. */
async function chatty(room: string, limits: Partial<SignalingLimits> = {}) {
  await start({ limits: { chat: plenty, ...limits } })
  const [ann, bob] = await pair(room)
  for (let i = 0; i < 200; i++) {
    await ann.ask('chat.send', { room, id: `${i}`, text: 'x'.repeat(4000) })
    home.server.clock.advance(100)
  }
  return { ann, bob }
}

const bytesOf = (values: unknown): number => JSON.stringify(values).length

describe('costs are paid by who causes them', () => {
  test('15 KiB of joins again are answered with little, and nobody waits', async () => {
    const { bob } = await chatty('full')
    const mallory = await come()
    const joins = Array.from({ length: 375 }, () => mallory.raw('room.join', { room: 'full' }))
    await expectAnswersBeside(bob, Promise.all(joins))
    expect(bytesOf(await Promise.all(joins))).toBeLessThan(1 * MiB)
    expect([mallory, bob].map(({ socket }) => socket.connected)).toEqual([true, true])
  })

  test('to leave and join again, and to join many rooms, is paid for', async () => {
    const { bob } = await chatty('full')
    const mallory = await come()
    const replies = []
    for (let i = 0; i < 100; i++) {
      replies.push(await mallory.raw('room.join', { room: 'full' }), await mallory.raw('room.leave', { room: 'full' }))
    }
    expect(bytesOf(replies)).toBeLessThan(6 * MiB)
    expect(replies.at(-1)).toMatchObject({ ok: false, error: { code: 'rate-limited' } })
    await bob.ask('chat.send', { room: 'full', id: 'after', text: 'still here' })
    home.server.clock.advance(2000)
    expect(await mallory.raw('room.join', { room: 'full' })).toMatchObject({ ok: true })
  })

  test('what many hear costs as often as it is heard', async () => {
    const costs = { perSecond: 1000, burst: 100_000 }
    await start({ limits: { costs, chat: plenty, requests: plenty } })
    const people = await Promise.all(Array.from({ length: 10 }, () => come()))
    for (const one of people) await one.ask('room.join', { room: 'x' })
    const [ann, bob] = people as [TestClient, TestClient]
    const said = async (by: TestClient, prefix: string) => {
      for (let i = 0; i < 40; i++) {
        const reply = await by.raw('chat.send', { room: 'x', id: `${prefix}${i}`, text: 'y'.repeat(4000) })
        if (!reply.ok) return i
      }
      return 40
    }
    expect(await said(ann, 'a')).toBeLessThan(5)
    // Others have their own; what ann said costs bob nothing.
    expect(await said(bob, 'b')).toBeGreaterThan(0)
    home.server.clock.advance(60_000)
    expect(await ann.raw('reaction.send', { room: 'x', emoji: '👋' })).toMatchObject({ ok: true })
  })

  test('who asks again and again who is online pays for the answers', async () => {
    await start({ limits: { requests: plenty, costs: { perSecond: 0, burst: 10_000 } } })
    const people = await Promise.all(Array.from({ length: 20 }, () => come()))
    for (const one of people) await one.ask('presence.set', { status: 'available' })
    const mallory = await come()
    const replies = await Promise.all(Array.from({ length: 200 }, () => mallory.raw('presence.watch', { watch: true })))
    expect(bytesOf(replies.filter(({ ok }) => ok))).toBeLessThan(15_000)
    expect(replies.at(-1)).toMatchObject({ error: { code: 'rate-limited' } })
  })

  test('a new session does not fill the purse of its address', async () => {
    const costsPerAddress = { perSecond: 0, burst: 30_000 }
    await start({ limits: { costs: { perSecond: 0, burst: 20_000 }, costsPerAddress, requests: plenty } })
    const people = await Promise.all(Array.from({ length: 20 }, () => come()))
    for (const one of people) await one.ask('presence.set', { status: 'away' })
    let bytes = 0
    for (let i = 0; i < 10; i++) {
      const mallory = await come()
      for (let asked = 0; asked < 20; asked++) {
        const reply = await mallory.raw('presence.watch', { watch: true })
        if (reply.ok) bytes += bytesOf(reply)
      }
      mallory.leave()
    }
    // Half a purse each, once the address has spent its own.
    expect(bytes).toBeLessThan(10 * 12_000 + 30_000)
  })

  test('what was missed is sent up to a bound; beyond it one joins anew', async () => {
    await start({ limits: { replayBytes: 20_000, chat: plenty } })
    const [ann, bob] = await pair()
    const say = (id: string) => bob.ask('chat.send', { room: 'x', id, text: 'z'.repeat(4000) })
    await ann.drop()
    for (let i = 0; i < 4; i++) await say(`${i}`)
    const again = await come(ann.comeback)
    expect(again.welcome.resumed).toBe(true)
    await again.until(() => again.all('chat').length === 4)
    await again.drop()
    for (let i = 4; i < 10; i++) await say(`${i}`)
    expect((await come(again.comeback)).welcome.resumed).toBe(false)
  })

  test('a message of a quarter megabyte of tiny parts is refused before it is looked at', async () => {
    await start({ limits: { wireBytes: plenty } })
    const [, bob] = await pair()
    const mallory = await come()
    const tracks = new Array(60_000).fill(1)
    const flood = Promise.all(Array.from({ length: 20 }, () => mallory.raw('media.subscribe', { room: 'x', tracks })))
    await expectAnswersBeside(bob, flood)
    for (const reply of await flood) expect(reply).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    await expect(
      come({ token: undefined, ...Object.fromEntries(tracks.slice(0, 10_000).entries()) }),
    ).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})

describe('what one address may hold', () => {
  test('rooms, seats and calls', async () => {
    await start({ limits: { roomsPerAddress: 3, seatsPerAddress: 5 } })
    const [ann, bob] = [await come(), await come()]
    for (let i = 0; i < 3; i++) await ann.ask('room.join', { room: `r${i}` })
    expect(await ann.refused('room.join', { room: 'more' })).toMatchObject({ code: 'over-quota' })
    await bob.ask('room.join', { room: 'r0' })
    await bob.ask('room.join', { room: 'r1' })
    expect(await bob.refused('room.join', { room: 'r2' })).toMatchObject({ code: 'over-quota' })
    await bob.ask('room.leave', { room: 'r1' })
    await bob.ask('room.join', { room: 'r2' })
    await ann.ask('room.leave', { room: 'r1' })
    ann.leave()
    await bob.next('room.left')
    await bob.ask('room.join', { room: 'more' })
  })

  test('rooms that are made by HTTP', async () => {
    const mediaPlane = () => ({ available: true, seat() {}, unseat() {}, receive() {}, subscribe() {} })
    await start({ limits: { roomsPerAddress: 3 }, mediaPlane })
    const { signaling } = home.server
    const encoder = (id: string, source = '192.0.2.1') =>
      ({ id, identity: id, name: 'Stream', via: 'whip', guest: true, source }) as const
    for (const room of ['r0', 'r1', 'r2']) signaling.admit(room, encoder(room))
    const overQuota = expect.objectContaining({ code: 'over-quota' })
    expect(() => signaling.admissible('more', encoder('next'))).toThrow(overQuota)
    expect(() => signaling.admit('more', encoder('next'))).toThrow(overQuota)
    expect(signaling.rooms()).toHaveLength(3)
    signaling.admit('r0', encoder('next'))
    signaling.admit('more', encoder('neighbour', '192.0.2.2'))
    signaling.dismiss('r1', 'r1', 'left')
    signaling.admit('another', encoder('last'))
    expect(signaling.rooms().map(({ name }) => name)).toEqual(['r0', 'r2', 'more', 'another'])
  })

  test('chat that is kept', async () => {
    await start({ limits: { chatBytesPerAddress: 10_000 } })
    const [ann, bob] = await pair()
    const say = (by: TestClient, id: string) => by.raw('chat.send', { room: 'x', id, text: 'x'.repeat(4000) })
    expect([await say(ann, '1'), await say(bob, '2'), await say(ann, '3')].map(({ ok }) => ok)).toEqual([
      true,
      true,
      false,
    ])
    // Gone with the room.
    for (const one of [ann, bob]) await one.ask('room.leave', { room: 'x' })
    await ann.ask('room.join', { room: 'x' })
    expect(await say(ann, '4')).toMatchObject({ ok: true })
  })

  test('a crowd of 128 behind one NAT notices nothing: they join 12 rooms, chat, lose their network, reload', async () => {
    await start()
    const crowd = (each: (i: number) => Promise<TestClient>) =>
      Promise.all(Array.from({ length: 128 }, (_, i) => each(i)))
    const sit = async (one: TestClient, i: number) => {
      await one.ask('room.join', { room: `class-${i % 12}`, name: `Pupil ${i}` })
      return one
    }
    const people = await crowd(async i => sit(await come(), i))
    const talk = (all: readonly TestClient[], text: string) =>
      Promise.all(
        all.map(async (one, i) => {
          await one.ask('participant.update', {
            room: `class-${i % 12}`,
            tracks: [{ id: 't', source: 'camera', muted: false }],
          })
          await one.ask('chat.send', { room: `class-${i % 12}`, id: text, text: text.repeat(50) })
          await one.ask('presence.set', { status: 'available' })
        }),
      )
    await talk(people, 'hello')
    await Promise.all(people.map(one => one.drop()))
    const back = await crowd(i => come(people[i]?.comeback))
    expect(back.every(({ welcome }) => welcome.resumed)).toBe(true)
    await talk(back, 'again')
    // The pages are new before the old ones are given up.
    const reloaded = await crowd(async i => sit(await come(), i))
    for (const one of back) one.leave()
    await talk(reloaded, 'anew')
    expect(home.server.heard.refused).toEqual([])
    expect(home.server.heard.requests.filter(([, outcome]) => outcome !== 'ok')).toEqual([])
    expect(home.server.signaling.counts()).toMatchObject({ rooms: 12 })
  })
})

describe('who does not read', () => {
  /** A member of a room who can stop to read. */
  async function deaf(room: string, query = '') {
    const raw = await RawSocket.engine(`${home.server.url}${query}`)
    raw.say('40{}')
    await expect.poll(() => raw.texts.some(text => text.startsWith('42["welcome"'))).toBe(true)
    raw.say(`420["room.join",{"room":"${room}"}]`)
    await expect.poll(() => raw.texts.some(text => text.startsWith('430'))).toBe(true)
    raw.ws.pause()
    return raw
  }

  /**
   * Sends messages of 12 kB that everybody in the room is owed, until `isDone`. Ten at a time: whoever does not read
   * answers no pings either, and those are timed by the system's clock. Resolves with how many were sent.
   */
  async function talk(from: Awaited<ReturnType<typeof pair>>[number], isDone: () => boolean): Promise<number> {
    let sent = 0
    while (!isDone()) {
      const say = () => from.ask('chat.send', { room: 'x', id: `${sent++}`, text: '語'.repeat(4000) })
      await Promise.all(Array.from({ length: 10 }, say))
      // Beside what is owed: what the system buffers between the two.
      expect(sent * 12_000).toBeLessThan(16 * MiB)
    }
    return sent
  }

  test('is owed no more than 2 MiB, though it answers', async () => {
    await start({ limits: { chat: plenty, costs: plenty, requests: plenty } })
    const [ann, bob] = await pair()
    const raw = await deaf('x')
    const { sockets } = home.server.signaling.counts()
    const sent = await talk(ann, () => home.server.signaling.counts().sockets < sockets)
    expect(home.server.heard.refused).toEqual(['too-slow'])
    await bob.until(() => bob.all('chat').length === sent)
    raw.ws.terminate()
  })

  test('is let go when it takes nothing for 10 s', async () => {
    await start({ limits: { chat: plenty, costs: plenty, requests: plenty } })
    const [ann] = await pair()
    const raw = await deaf('x')
    // Until something waits: the system's buffers are full.
    await talk(ann, () => {
      home.server.clock.advance(10_001)
      return home.server.heard.refused.includes('too-slow')
    })
    raw.ws.terminate()
  })

  test('a pong that nobody asked for ends the connection', async () => {
    await start()
    const [ann] = await pair()
    const raw = await deaf('x')
    raw.ws.resume()
    raw.say('3')
    expect(await raw.closed).toBeGreaterThan(1000)
    await ann.settled()
  })

  test('the relay: a peer that does not read, and one that answers pings it did not get', async () => {
    await start({ limits: { relayMessages: plenty, wireBytes: plenty, costs: plenty } })
    const enter = () => RawSocket.open(`${home.server.url}/relay/x`)
    const [ann, bob, mallory] = [await enter(), await enter(), await enter()]
    mallory.ws.pause()
    const big = JSON.stringify({ type: 'x', text: 'x'.repeat(200_000) })
    let sent = 0
    while (home.server.signaling.counts().sockets === 3) {
      ann.say(big)
      sent++
      await expect.poll(() => bob.texts.filter(text => text.length === big.length).length).toBe(sent)
      expect(sent * big.length).toBeLessThan(16 * MiB)
    }
    expect(home.server.heard.refused).toEqual(['too-slow'])
    const liar = await enter()
    liar.ws.on('ping', () => liar.ws.pong('something else'))
    Object.assign(liar.ws, { _autoPong: false })
    liar.ws.pong()
    const pinged = [ann, bob, liar].map(({ ws }) => new Promise(done => ws.once('ping', done)))
    home.server.clock.advance(10_000)
    await Promise.all(pinged)
    for (const honest of [ann, bob]) {
      honest.say('?')
      await expect.poll(() => honest.texts.at(-1)).toContain('not JSON')
    }
    home.server.clock.advance(10_000)
    expect(await liar.closed).toBeGreaterThan(1000)
    expect(ann.ws.readyState).toBe(ann.ws.OPEN)
  })

  test('the relay: what is passed on costs as often as it is heard, and a flood is cut off', async () => {
    await start({ limits: { costs: { perSecond: 0, burst: 100_000 }, wireMessages: { perSecond: 0, burst: 50 } } })
    const enter = () => RawSocket.open(`${home.server.url}/relay/x`)
    const [ann, bob, cleo, dan] = [await enter(), await enter(), await enter(), await enter()]
    const big = JSON.stringify({ type: 'x', text: 'x'.repeat(20_000) })
    for (let i = 0; i < 20; i++) ann.say(big)
    await expect.poll(() => ann.texts.length).toBe(18)
    expect(ann.messages.at(-1)).toMatchObject({ code: 'rate-limited' })
    expect([bob, cleo, dan].map(({ texts }) => texts.length)).toEqual([2, 2, 2])
    for (let i = 0; i < 60; i++) ann.say('{"type":"x"}')
    expect(await ann.closed).toBe(4429)
  })
})

describe('messages that do not end', () => {
  const doors = [['/relay/x'], ['/socket.io/?EIO=4&transport=websocket']]

  test.each(doors)('%s: many pieces', async door => {
    await start()
    const raw = await RawSocket.open(`${home.server.url}${door}`)
    for (let i = 0; i < 100; i++) raw.ws.send('x', { fin: false })
    expect(await raw.closed).toBe(1008)
  })

  test.each(doors)('%s: a piece, and then nothing but pings', async door => {
    await start()
    const raw = await RawSocket.open(`${home.server.url}${door}`)
    const quiet = await RawSocket.open(`${home.server.url}/relay/x`)
    raw.ws.send('{"type":"x', { fin: false })
    for (let i = 0; i < 6; i++) {
      await new Promise<void>(done => {
        raw.ws.once('pong', () => done())
        raw.ws.ping('still here')
      })
      home.server.clock.advance(6000)
      await new Promise<void>(done => {
        quiet.ws.once('pong', () => done())
        quiet.ws.ping()
      })
    }
    expect(await raw.closed).toBeGreaterThan(1000)
    expect(quiet.ws.readyState).toBe(quiet.ws.OPEN)
  })

  test.each(doors)('%s: a flood of pings', async door => {
    await start()
    const raw = await RawSocket.open(`${home.server.url}${door}`)
    for (let i = 0; i < 100; i++) raw.ws.ping('x'.repeat(125))
    expect(await raw.closed).toBeGreaterThan(1000)
  })
})
