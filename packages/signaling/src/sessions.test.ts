import { FakeClock } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { house } from './testing/house.ts'
import { RawSocket } from './testing/raw-socket.ts'

const home = house()
const { start, come, pair } = home
const token = (claims: object) => JSON.stringify({ sub: 'ann', ...claims })

describe('the welcome', () => {
  test('says who one is, comes first and has no number', async () => {
    await start()
    const ann = await come({ name: 'Ann' })
    expect(ann.heard[0]).toEqual({
      event: 'welcome',
      n: undefined,
      payload: {
        session: expect.any(String),
        identity: 'guest-1',
        name: 'Ann',
        token: expect.any(String),
        ticket: expect.any(String),
        resumed: false,
        calls: [],
        iceServers: [{ urls: ['stun:stun.test'], username: 'guest-1' }],
        version: '1.2.3',
        at: home.server.clock.now(),
      },
    })
  })

  test('the token’s name wins over the handshake’s, and without both there is none', async () => {
    await start()
    expect((await come({ token: token({ name: 'Ann' }), name: 'Other' })).welcome.name).toBe('Ann')
    expect('name' in (await come()).welcome).toBe(false)
  })

  test('the token that it gives makes one the same person again', async () => {
    await start()
    const first = await come()
    const second = await come({ token: first.welcome.token })
    expect(second.welcome.identity).toBe(first.welcome.identity)
    expect(second.id).not.toBe(first.id)
  })

  test('tells of a call that rings', async () => {
    await start()
    const ann = await come()
    const bob = await come({ token: token({ sub: 'bob' }) })
    await bob.ask('presence.set', { status: 'available' })
    const call = await ann.ask('call.invite', { call: 'c', to: 'bob', media: 'audio' })
    expect((await come({ token: token({ sub: 'bob' }) })).welcome.calls).toEqual([call])
    expect((await come({ token: token({ sub: 'bob', room: 'x' }) })).welcome.calls).toEqual([])
  })
})

describe('a handshake that is refused says why', () => {
  test.each([
    ['unauthorized', {}],
    ['token-invalid', { token: 'rubbish' }],
    ['token-expired', { token: 'expired' }],
    ['bad-request', { token: 7 }],
    ['bad-request', { token: token({}), admin: true }],
    ['bad-request', { token: token({}), name: 'x'.repeat(65) }],
    ['bad-request', { token: token({}), after: -1 }],
    ['bad-request', JSON.parse('{"__proto__":{"token":"x"}}')],
  ])('%s: %j', async (code, auth) => {
    await start({ closed: true })
    await expect(come(auth)).rejects.toMatchObject({ code, message: expect.any(String), remedy: expect.any(String) })
    expect(home.server.heard.refused).toEqual([code])
    expect(home.server.signaling.counts().sockets).toBe(0)
  })

  test('too many connections from one address', async () => {
    await start({ limits: { connectionsPerAddress: 2 } })
    const first = await come()
    await come()
    await expect(come()).rejects.toMatchObject({ code: 'too-many-connections' })
    first.leave()
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(1)
    await come()
  })

  test('a mistake of the server’s is reported there, and only named to the client', async () => {
    await start({
      authenticator: {
        authenticate: () => Promise.reject(new Error('the key is broken: s3cret')),
        recognize: () => Promise.reject(new Error('not asked')),
        issueTicket: async () => '',
        verifyTicket: async () => undefined,
      },
    })
    await expect(come()).rejects.toMatchObject({ code: 'internal', message: expect.not.stringContaining('s3cret') })
    expect(home.server.heard.errors).toMatchObject([{ message: 'the key is broken: s3cret' }])
  })
})

describe('a dropped socket', () => {
  test('comes back to its seat and hears what it missed, in order, once', async () => {
    await start()
    const [ann, bob] = await pair()
    await bob.ask('chat.send', { room: 'x', id: '0', text: 'seen' })
    await ann.next('chat')
    await ann.drop()
    for (let i = 1; i <= 20; i++) await bob.ask('chat.send', { room: 'x', id: `${i}`, text: 'missed' })
    const again = await come(ann.comeback)
    expect(again.welcome).toMatchObject({ resumed: true, session: ann.id })
    await bob.ask('chat.send', { room: 'x', id: '21', text: 'live' })
    await again.next('chat', ({ id }) => id === '21')
    expect(again.all('chat').map(({ id }) => id)).toEqual(Array.from({ length: 21 }, (_, i) => `${i + 1}`))
    const numbers = again.heard.slice(1).map(({ n }) => n ?? 0)
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    expect(bob.all('room.left')).toEqual([])
  })

  test('comes back without having seen a single event', async () => {
    await start()
    const ann = await come()
    await ann.ask('room.join', { room: 'x' })
    await ann.drop()
    const bob = await come()
    await bob.ask('room.join', { room: 'x' })
    const again = await come(ann.comeback)
    expect(again.welcome.resumed).toBe(true)
    await again.next('room.joined')
  })

  test('finds its call and its watching again', async () => {
    await start()
    const ann = await come()
    const bob = await come()
    await bob.ask('presence.set', { status: 'available', name: 'Bob' })
    await ann.ask('presence.watch', { watch: true })
    await ann.ask('call.invite', { call: 'c', to: bob.welcome.identity, media: 'audio' })
    await bob.next('call')
    await ann.drop()
    await bob.ask('call.accept', { call: 'c', media: 'audio' })
    const again = await come(ann.comeback)
    expect(again.welcome.calls).toMatchObject([{ id: 'c', state: { status: 'accepted', callerSession: ann.id } }])
    await again.next('presence', ({ status }) => status === 'in-call')
    const { state } = await again.next('call')
    if (state.status !== 'accepted') throw new Error('the call is not accepted')
    expect((await again.ask('room.join', { room: state.room })).self.id).toBe(ann.id)
  })

  test('is out after 30 s, told to join again when it comes late, and then can', async () => {
    await start()
    const [ann, bob] = await pair()
    await ann.drop()
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(1)
    home.server.clock.advance(30_000)
    await bob.next('room.left', ({ id, reason }) => id === ann.id && reason === 'lost')
    const late = await come(ann.comeback)
    expect(late.welcome).toMatchObject({ resumed: false, session: ann.id })
    expect((await late.ask('room.join', { room: 'x' })).participants).toHaveLength(1)
    await bob.next('room.joined', ({ participant }) => participant.id === ann.id)
  })

  test('is counted from its last sign of life', async () => {
    await start()
    const [ann, bob] = await pair()
    home.server.clock.advance(7000)
    await ann.settled()
    home.server.clock.advance(10_000)
    await ann.drop()
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(1)
    home.server.clock.advance(19_999)
    await bob.settled()
    expect(bob.all('room.left')).toEqual([])
    home.server.clock.advance(1)
    await bob.next('room.left')
  })

  test('is not sent away for events that a ping has shown to have arrived', async () => {
    await start({ limits: { logEntries: 2 } })
    const [ann, bob] = await pair()
    // Ann never sees a number: these are all for Bob, in a log that they share.
    for (let i = 0; i < 5; i++) await ann.ask('participant.update', { room: 'x', hand: i % 2 === 0 })
    const pinged = new Promise(done => ann.socket.io.once('ping', () => done(undefined)))
    await pinged
    await ann.settled()
    await ann.drop()
    expect((await come({ ...ann.comeback, after: 0 })).welcome.resumed).toBe(true)
    expect(bob.all('room.left')).toEqual([])
  })

  test('does nothing after it said goodbye, whatever it had sent already', async () => {
    await start()
    const url = `${home.server.url}/socket.io/?EIO=4&transport=polling`
    const opened = await (await fetch(url)).text()
    const { sid } = JSON.parse(opened.slice(1))
    const post = (body: string) => fetch(`${url}&sid=${sid}`, { method: 'POST', body })
    await post('40{}')
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(1)
    // Both packets are read before either is looked at.
    await post('41\x1e420["room.join",{"room":"haunted"}]')
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(0)
    expect(home.server.signaling.rooms()).toEqual([])
  })

  test('gives the seat up at once when it says goodbye', async () => {
    await start()
    const [ann, bob] = await pair()
    ann.leave()
    expect(await bob.next('room.left')).toEqual({ room: 'x', id: ann.id, reason: 'left' })
  })

  test('is told to join again when the log does not reach back', async () => {
    await start({ limits: { logEntries: 5 } })
    const [ann, bob] = await pair()
    await ann.drop()
    for (let i = 1; i <= 6; i++) await bob.ask('chat.send', { room: 'x', id: `${i}`, text: 'missed' })
    expect((await come(ann.comeback)).welcome.resumed).toBe(false)
    await bob.next('room.left', ({ reason }) => reason === 'lost')
  })

  test('joins again after a restart of the server, under the same id', async () => {
    const { port, clock } = await start()
    const [ann, bob] = await pair()
    await Promise.all([ann.next('server.stopping'), home.server.close()])
    await start({ port, clock: new FakeClock(clock.now() + 1000) })
    const [annAgain, bobAgain] = [await come(ann.comeback), await come(bob.comeback)]
    for (const [now, before] of [
      [annAgain, ann],
      [bobAgain, bob],
    ] as const) {
      expect(now.welcome).toMatchObject({ resumed: false, session: before.id, identity: before.welcome.identity })
    }
    await annAgain.ask('room.join', { room: 'x' })
    await bobAgain.ask('room.join', { room: 'x' })
    // A number from before the restart hides nothing.
    await annAgain.drop()
    const third = await come({ ...annAgain.comeback, after: ann.comeback.after })
    expect(third.welcome.resumed).toBe(true)
    await third.next('room.joined')
  })
})

describe('one session, one socket', () => {
  test('a newer socket with the same ticket takes over', async () => {
    await start()
    const [ann, bob] = await pair()
    const newer = await come(ann.comeback)
    await expect.poll(() => ann.socket.connected).toBe(false)
    expect(newer.welcome.resumed).toBe(true)
    await bob.ask('chat.send', { room: 'x', id: '1', text: 'hi' })
    await newer.next('chat')
    expect(ann.all('chat')).toEqual([])
    expect(home.server.signaling.counts()).toMatchObject({ sockets: 2, participants: 2 })
    expect(bob.all('room.left')).toEqual([])
  })

  test('a ticket of somebody else, or a forged one, makes a new session', async () => {
    await start()
    const [ann, bob] = await pair()
    for (const auth of [
      { ticket: ann.welcome.ticket },
      { ...bob.comeback, ticket: ann.welcome.ticket },
      { ticket: 'x' },
    ]) {
      const other = await come(auth)
      expect(other.welcome.resumed).toBe(false)
      expect([ann.id, bob.id]).not.toContain(other.id)
    }
    await ann.settled()
    expect(ann.socket.connected).toBe(true)
  })

  test('a second session on the same connection is refused', async () => {
    await start()
    const raw = await RawSocket.engine(home.server.url)
    raw.say('40{}', '40{}')
    await expect.poll(() => raw.texts.find(text => text.startsWith('44'))).toContain('bad-request')
    expect(home.server.signaling.counts().sockets).toBe(1)
    expect(raw.texts.filter(text => text.startsWith('42["welcome"'))).toHaveLength(1)
    raw.ws.close()
  })
})

test('polling works like WebSockets', async () => {
  await start()
  const ann = await come({}, { transports: ['polling'] })
  const bob = await come({}, { transports: ['polling', 'websocket'] })
  await ann.ask('room.join', { room: 'x' })
  await bob.ask('room.join', { room: 'x' })
  await ann.next('room.joined')
  await ann.drop()
  const again = await come(ann.comeback, { transports: ['polling'] })
  expect(again.welcome.resumed).toBe(true)
})

test('stopping tells everybody, lets nobody in, and may be done twice', async () => {
  await start()
  const [ann, bob] = await pair()
  const gone = [ann, bob].map(client => client.gone())
  await Promise.all([home.server.signaling.stop('update'), home.server.signaling.stop('again')])
  // Not by order of the server: the client tries again by itself.
  expect(await Promise.all(gone)).toEqual(['transport close', 'transport close'])
  expect(ann.all('server.stopping')).toEqual([{ reason: 'update' }])
  await expect(come()).rejects.toThrow()
  expect(home.server.heard.refused).toEqual(['server-stopping'])
  expect(home.server.clock.pending).toBe(0)
})

describe('a tab whose page is loaded again', () => {
  const people = (members: { id: string }[]) => members.map(({ id }) => id)

  test('takes the place of the page before, whose socket is let go', async () => {
    await start()
    const bob = await come()
    await bob.ask('room.join', { room: 'x' })
    const before = await come({ token: token({ sub: 'ann' }), tab: 'tab-1' })
    const other = await come({ token: token({ sub: 'ann' }), tab: 'tab-2' })
    const stranger = await come({ token: token({ sub: 'mallory' }), tab: 'tab-1' })
    for (const client of [before, other, stranger]) await client.ask('room.join', { room: 'x' })
    const closed = new Promise(resolve => before.socket.once('disconnect', resolve))
    const after = await come({ token: token({ sub: 'ann' }), tab: 'tab-1' })
    expect(await bob.next('room.left')).toMatchObject({ id: before.id, reason: 'left' })
    await closed
    const { participants } = await after.ask('room.join', { room: 'x' })
    expect(people(participants)).toEqual([bob.id, other.id, stranger.id])
  })

  test('coming back to a session is not a reload', async () => {
    await start()
    const ann = await come({ token: token({}), tab: 'tab-1' })
    await ann.ask('room.join', { room: 'x' })
    const back = await come({ ...ann.comeback, tab: 'tab-1' })
    expect(back.welcome.resumed).toBe(true)
    expect(home.server.signaling.room('x')?.participants).toHaveLength(1)
  })

  test('a page that said goodbye by HTTP has no seat, presence or call any more', async () => {
    await start()
    const [ann, bob] = await pair()
    await ann.ask('presence.set', { status: 'available' })
    await ann.ask('room.join', { room: 'x' })
    await bob.ask('room.join', { room: 'x' })
    const call = await bob
      .ask('call.invite', { call: 'c', to: ann.welcome.identity, media: 'audio' })
      .catch(() => undefined)
    const closed = new Promise(resolve => ann.socket.once('disconnect', resolve))
    home.server.signaling.depart(ann.id)
    home.server.signaling.depart('nobody')
    expect(await bob.next('room.left')).toMatchObject({ id: ann.id, reason: 'left' })
    await closed
    expect((await bob.ask('presence.watch', { watch: true })).people).toEqual([])
    expect(call).toBeDefined()
  })
})
