import { expect, test } from 'vitest'
import { house } from './testing/house.ts'
import { RawSocket } from './testing/raw-socket.ts'

const home = house()
const { start, come, pair } = home
const as = (sub: string) => ({ token: JSON.stringify({ sub }), name: sub })

test('a room of three: the fourth is refused, and gets in when a seat is free', async () => {
  await start()
  const [ann, bob, cleo, dan] = [await come(), await come(), await come(), await come()]
  await ann.ask('room.join', { room: 'x', capacity: 3 })
  await bob.ask('room.join', { room: 'x' })
  await cleo.ask('room.join', { room: 'x' })
  expect((await dan.refused('room.join', { room: 'x' })).code).toBe('room-full')
  await bob.ask('room.leave', { room: 'x' })
  expect((await dan.ask('room.join', { room: 'x' })).participants.map(({ id }) => id)).toEqual([ann.id, cleo.id])
})

test('the server’s own limit holds for every room', async () => {
  await start({ roomSize: 2 })
  await pair()
  expect((await (await come()).refused('room.join', { room: 'x', capacity: 9 })).code).toBe('room-full')
})

test('who comes late is given the roster and the chat, then hears what happens', async () => {
  await start()
  const [ann, bob] = await pair()
  await ann.ask('participant.update', { room: 'x', hand: true })
  const message = await bob.ask('chat.send', { room: 'x', id: '1', text: 'hello' })
  const late = await come({ name: 'Ann' })
  const snapshot = await late.ask('room.join', { room: 'x' })
  expect(snapshot.participants).toMatchObject([{ name: 'Ann', hand: expect.any(Number) }, { name: 'Bob' }])
  expect(snapshot.self.name).toBe('Ann (2)')
  expect(snapshot.chat).toEqual([message])
  await bob.ask('reaction.send', { room: 'x', emoji: '🎉' })
  expect(await late.next('reaction')).toEqual({ room: 'x', from: bob.id, emoji: '🎉' })
  expect(await bob.next('reaction')).toEqual({ room: 'x', from: bob.id, emoji: '🎉' })
})

test('signals pass between two members and reach nobody else', async () => {
  await start()
  const [ann, bob] = await pair()
  const cleo = await come()
  await cleo.ask('room.join', { room: 'x' })
  const stranger = await come()
  const body = {
    connection: 'pc',
    seq: 1,
    signal: { kind: 'description', description: { type: 'offer', sdp: 'v=0\r\n' } },
  } as const
  await ann.ask('signal.send', { room: 'x', to: bob.id, ...body })
  expect(await bob.next('signal')).toEqual({ room: 'x', from: ann.id, ...body })
  expect((await ann.refused('signal.send', { room: 'x', to: stranger.id, ...body })).code).toBe('no-such-participant')
  expect((await stranger.refused('signal.send', { room: 'x', to: bob.id, ...body })).code).toBe('not-in-room')
  for (const other of [cleo, stranger, ann]) {
    await other.settled()
    expect(other.all('signal')).toEqual([])
  }
})

test('a call: three tabs ring, one answers, the others stop, and the room is theirs alone', async () => {
  await start()
  const ann = await come(as('ann'))
  const tabs = [await come(as('bob')), await come(as('bob')), await come(as('bob'))] as const
  await tabs[0].ask('presence.set', { status: 'available' })
  await ann.ask('call.invite', { call: 'c', to: 'bob', media: 'video' })
  for (const tab of tabs) await tab.next('call', ({ state }) => state.status === 'ringing')
  const { state } = await tabs[1].ask('call.accept', { call: 'c', media: 'audio' })
  if (state.status !== 'accepted') throw new Error('not accepted')
  for (const client of [ann, ...tabs]) {
    const call = await client.next('call', one => one.state.status === 'accepted')
    expect(call.state).toMatchObject({ media: 'audio', callerSession: ann.id, calleeSession: tabs[1].id })
  }
  expect((await tabs[0].refused('room.join', { room: state.room })).code).toBe('room-private')
  await ann.ask('room.join', { room: state.room })
  await tabs[1].ask('room.join', { room: state.room })
  expect(home.server.signaling.rooms()).toMatchObject([{ name: state.room, private: true }])
  expect(home.server.signaling.counts()).toMatchObject({ calls: 1, rooms: 1, participants: 2, sockets: 4 })
  expect((await tabs[2].refused('call.accept', { call: 'c', media: 'audio' })).code).toBe('call-state')
  tabs[1].leave()
  const ended = await ann.next('call', one => one.state.status === 'ended')
  expect(ended.state).toMatchObject({ outcome: 'hung-up' })
  await ann.next('room.ended')
  expect(home.server.heard.outcomes).toEqual(['hung-up'])
})

test('two people who call each other at the same moment are in one call', async () => {
  await start()
  const [ann, bob] = [await come(as('ann')), await come(as('bob'))]
  for (const one of [ann, bob]) await one.ask('presence.set', { status: 'available' })
  const [one, other] = await Promise.all([
    ann.ask('call.invite', { call: 'a', to: 'bob', media: 'video' }),
    bob.ask('call.invite', { call: 'b', to: 'ann', media: 'video' }),
  ])
  expect(one.id).toBe(other.id)
  for (const client of [ann, bob]) await client.next('call', ({ state }) => state.status === 'accepted')
  expect(home.server.signaling.counts().calls).toBe(1)
})

test('a call that nobody answers ends by itself', async () => {
  await start()
  const [ann, bob] = [await come(as('ann')), await come(as('bob'))]
  await bob.ask('presence.set', { status: 'away' })
  await ann.ask('call.invite', { call: 'c', to: 'bob', media: 'audio' })
  home.server.clock.advance(30_000)
  for (const client of [ann, bob]) {
    const { state } = await client.next('call', one => one.state.status === 'ended')
    expect(state).toMatchObject({ outcome: 'no-answer' })
  }
})

test('a peer who vanishes ends the call when the seat does', async () => {
  await start()
  const [ann, bob] = [await come(as('ann')), await come(as('bob'))]
  await bob.ask('presence.set', { status: 'available' })
  await ann.ask('call.invite', { call: 'c', to: 'bob', media: 'audio' })
  await bob.ask('call.accept', { call: 'c', media: 'audio' })
  await bob.drop()
  await expect.poll(() => home.server.signaling.counts().sockets).toBe(1)
  home.server.clock.advance(29_999)
  await ann.settled()
  expect(ann.all('call').at(-1)?.state.status).toBe('accepted')
  home.server.clock.advance(1)
  await ann.next('call', ({ state }) => state.status === 'ended' && state.outcome === 'peer-lost')
})

test('presence of somebody with three tabs', async () => {
  await start()
  const watcher = await come(as('ann'))
  const tabs = [await come(as('bob')), await come(as('bob')), await come(as('bob'))] as const
  expect(await watcher.ask('presence.watch', { watch: true })).toEqual({ people: [] })
  await tabs[0].ask('presence.set', { status: 'away', name: 'Bob' })
  await tabs[1].ask('presence.set', { status: 'available' })
  await tabs[2].ask('room.join', { room: 'x' })
  await tabs[2].ask('room.leave', { room: 'x' })
  for (const tab of [tabs[2], tabs[1], tabs[0]]) {
    tab.leave()
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(tabs.indexOf(tab) + 1)
  }
  await watcher.settled()
  expect(watcher.all('presence').map(({ status }) => status)).toEqual([
    'away',
    'available',
    'in-call',
    'available',
    'away',
    'offline',
  ])
  for (const tab of tabs) expect(tab.all('presence')).toEqual([])
})

test('an operator sees, mutes, removes and closes', async () => {
  await start()
  const [ann, bob] = await pair()
  const { signaling } = home.server
  await ann.ask('participant.update', { room: 'x', tracks: [{ id: 't', source: 'microphone', muted: false }] })
  expect(signaling.room('x')).toMatchObject({
    name: 'x',
    capacity: 100,
    private: false,
    participants: [{ name: 'Ann' }, {}],
  })
  expect(signaling.room('y')).toBeUndefined()
  signaling.mute('x', ann.id, 'microphone')
  expect(await ann.next('room.muted')).toEqual({ room: 'x', source: 'microphone' })
  await bob.next('room.changed', ({ participant }) => participant.tracks[0]?.muted === true)
  signaling.remove('x', bob.id)
  expect(await bob.next('room.ended')).toEqual({ room: 'x', reason: 'removed' })
  expect(await ann.next('room.left')).toEqual({ room: 'x', id: bob.id, reason: 'removed' })
  for (const { id } of signaling.bans()) signaling.lift(id)
  await bob.ask('room.join', { room: 'x' })
  signaling.close('x')
  for (const client of [ann, bob]) await client.next('room.ended', ({ reason }) => reason === 'closed')
  expect(signaling.counts()).toEqual({ rooms: 0, participants: 0, sockets: 2, calls: 0 })
  const noRoom = expect.objectContaining({ code: 'no-such-room' })
  expect(() => signaling.close('x')).toThrow(noRoom)
  expect(() => signaling.mute('x', ann.id, 'camera')).toThrow(noRoom)
  expect(() => signaling.remove('x', ann.id)).toThrow(noRoom)
})

test('fresh ICE servers for the one who asks', async () => {
  await start()
  const ann = await come(as('ann'))
  expect(await ann.ask('ice.servers', {})).toEqual({ iceServers: [{ urls: ['stun:stun.test'], username: 'ann' }] })
})

test('who comes is told to the observer: how they call the server, and what time it is there', async () => {
  const { heard, port } = await start()
  await come({ ...as('ann'), clock: 1234 })
  expect(heard.arrivals).toEqual([{ identity: 'ann', address: '127.0.0.1', host: `127.0.0.1:${port}`, clock: 1234 }])
  expect(heard.connected).toEqual(['websocket'])
})

test('who goes on without a WebSocket is told after ten seconds; who upgrades, at once', async () => {
  const { heard, clock } = await start()
  await come({}, { transports: ['polling'] })
  clock.advance(9_999)
  expect(heard.connected).toEqual([])
  clock.advance(1)
  expect(heard.connected).toEqual(['polling'])
  await come({}, { transports: ['polling', 'websocket'] })
  await expect.poll(() => heard.connected).toEqual(['polling', 'websocket'])
})

test('a WebSocket whose wish for an upgrade a proxy took away is none', async () => {
  const { heard, url } = await start()
  const { status } = await fetch(`${url}/socket.io/?EIO=4&transport=websocket`)
  expect(status).toBe(400)
  expect(heard.connected).toEqual(['polling'])
})

test('a WebSocket on which nobody was let in shows nothing', async () => {
  const { heard, url } = await start()
  const trial = await RawSocket.engine(url)
  await expect.poll(() => trial.texts.length).toBe(1)
  trial.ws.close()
  await come({}, { transports: ['websocket'] })
  expect(heard.connected).toEqual(['websocket'])
})
