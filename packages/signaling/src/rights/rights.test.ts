import { describe, expect, test } from 'vitest'
import { house } from '../testing/house.ts'
import { RawSocket } from '../testing/raw-socket.ts'

const home = house()
const { start, come } = home
const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A member's token that ends so many ms from now. */
const token = (claims: object, ms = minuteMs) =>
  JSON.stringify({ sub: 'ann', ...claims, exp: home.server.clock.now() + ms })
const code = (code: string) => expect.objectContaining({ code })

/** A guest by HTTP, as WHIP brings them. */
const encoder = (identity: string, guest = true, source = '127.0.0.1') =>
  ({ id: `seat-of-${identity}`, identity, name: 'Stream', via: 'whip', guest, source }) as const

const mediaPlane = () => ({ available: true, seat() {}, unseat() {}, receive() {}, subscribe() {} })

describe('an encrypted room', () => {
  test('takes nobody who comes by HTTP, for as long as anybody in it sends encrypted', async () => {
    await start({ mediaPlane })
    const { signaling } = home.server
    const ann = await come()
    await ann.ask('room.join', { room: 'x', topology: 'sfu' })
    const send = (encrypted?: true) =>
      ann.ask('participant.update', {
        room: 'x',
        tracks: [{ id: 't', source: 'camera', muted: false, ...(encrypted && { encrypted }) }],
      })
    await send()
    signaling.admissible('x', encoder('early'))
    await send(true)
    const player = { ...encoder('tv'), via: 'whep' } as const
    // Also who asked before, and connects only now.
    expect(() => signaling.admit('x', encoder('early'))).toThrow(/an encoder has no key/)
    expect(() => signaling.admissible('x', player)).toThrow(/would decode nothing/)
    expect(() => signaling.admissible('x', player)).toThrow(code('room-encrypted'))
    signaling.admissible('elsewhere', player)
    await send()
    signaling.admissible('x', player)
  })
})

describe('a token that ends', () => {
  test('closes doors and throws nobody out of where they are', async () => {
    await start()
    const ann = await come({ token: token({}) })
    const bob = await come({ token: token({ sub: 'bob' }, hourMs) })
    expect(ann.welcome.until).toBe(home.server.clock.now() + minuteMs)
    for (const one of [ann, bob]) await one.ask('room.join', { room: 'x' })
    await bob.ask('presence.set', { status: 'available' })
    home.server.clock.advance(minuteMs)

    for (const [name, input] of [
      ['room.join', { room: 'y' }],
      ['room.peek', { room: 'y' }],
      ['call.invite', { call: 'c', to: 'bob', media: 'audio' }],
      ['call.accept', { call: 'c', media: 'audio' }],
      ['presence.set', { status: 'available' }],
      ['presence.watch', { watch: true }],
      ['ice.servers', {}],
    ] as const) {
      expect(await ann.refused(name, input)).toMatchObject({ code: 'token-expired' })
    }
    expect((await ann.ask('room.join', { room: 'x' })).participants).toHaveLength(1)
    await ann.ask('chat.send', { room: 'x', id: '1', text: 'still here' })
    await ann.ask('participant.update', { room: 'x', hand: true })
    await ann.ask('presence.set', { status: 'offline' })
    await bob.next('chat')
    expect(bob.all('room.left')).toEqual([])
  })

  test('keeps the seat over a reconnection, for whoever has the ticket, and nothing else', async () => {
    await start({ closed: true })
    const ann = await come({ token: token({}) })
    await ann.ask('room.join', { room: 'x' })
    home.server.clock.advance(minuteMs)
    await ann.drop()
    await expect(come({ token: ann.welcome.token })).rejects.toMatchObject({ code: 'token-expired' })
    await expect(come({ token: ann.welcome.token, ticket: 'ticket guessed ann' })).rejects.toEqual(
      code('token-expired'),
    )
    const again = await come(ann.comeback)
    expect(again.welcome).toMatchObject({ resumed: true, session: ann.id })
    await again.ask('chat.send', { room: 'x', id: '1', text: 'back' })
    expect(await again.refused('room.join', { room: 'y' })).toMatchObject({ code: 'token-expired' })
    await again.drop()
    await expect.poll(() => home.server.signaling.counts().sockets).toBe(0)
    home.server.clock.advance(minuteMs)
    await expect(come(again.comeback)).rejects.toMatchObject({ code: 'token-expired' })
  })

  test('is renewed in time without leaving, and only by a token of the same person', async () => {
    await start()
    const ann = await come({ token: token({}) })
    await ann.ask('room.join', { room: 'x' })
    for (const other of [{ sub: 'bob' }, { room: 'x' }, { guest: true }, { grants: { subscribe: false } }]) {
      expect(await ann.refused('session.renew', { token: token(other) })).toMatchObject({ code: 'not-allowed' })
    }
    expect(await ann.refused('session.renew', { token: 'rubbish' })).toMatchObject({ code: 'token-invalid' })
    expect(await ann.refused('session.renew', { token: 'expired' })).toMatchObject({ code: 'token-expired' })
    const fresh = token({ grants: { chat: false } }, hourMs)
    const until = home.server.clock.now() + hourMs
    expect(await ann.ask('session.renew', { token: fresh })).toMatchObject({ token: fresh, until, iceServers: [{}] })
    home.server.clock.advance(minuteMs)
    await ann.ask('room.join', { room: 'y' })
    expect(await ann.refused('chat.send', { room: 'x', id: '1', text: 'no more' })).toMatchObject({
      code: 'not-allowed',
    })
  })

  test('whose key was removed closes the same doors', async () => {
    let revoked = false
    const claims = { sub: 'ann', guest: false, grants: { publish: true, subscribe: true, chat: true, admin: false } }
    const pass = async () => ({ token: 't', claims, isRevoked: () => revoked })
    const tickets = { issueTicket: async () => 't', verifyTicket: async () => undefined }
    await start({ authenticator: { authenticate: pass, recognize: pass, ...tickets } })
    const ann = await come()
    await ann.ask('room.join', { room: 'x' })
    revoked = true
    expect(await ann.refused('room.join', { room: 'y' })).toMatchObject({ code: 'token-invalid' })
    await ann.ask('chat.send', { room: 'x', id: '1', text: 'still here' })
  })

  test('sends its holder out where the owner wants that, from rooms, relays and HTTP, and says why', async () => {
    await start({ tokenEnd: 'leave', mediaPlane })
    const ann = await come({ token: token({}) })
    const bob = await come({ token: token({ sub: 'bob' }, hourMs) })
    for (const one of [ann, bob]) await one.ask('room.join', { room: 'x' })
    home.server.signaling.admit('x', { ...encoder('carl', false), expiresAt: home.server.clock.now() + minuteMs })
    const relay = await RawSocket.open(`${home.server.url}/relay/x`)
    relay.say({ type: 'auth', token: token({}) })
    await bob.next('room.joined')
    const gone = ann.gone()
    home.server.clock.advance(minuteMs)
    expect(await ann.next('session.ended')).toMatchObject({ code: 'token-expired', message: expect.any(String) })
    await gone
    await bob.until(() => bob.all('room.left').length === 2)
    expect(home.server.signaling.room('x')?.participants).toHaveLength(1)
    await bob.ask('chat.send', { room: 'x', id: '1', text: 'alone' })
  })
})

describe('who was removed', () => {
  async function meeting() {
    await start({ mediaPlane })
    const [mallory, ann, bob] = [await come(), await come(), await come()]
    for (const one of [mallory, ann, bob]) await one.ask('room.join', { room: 'x' })
    home.server.signaling.remove('x', mallory.id)
    expect(await mallory.next('room.ended')).toEqual({ room: 'x', reason: 'removed' })
    return { mallory, ann, bob }
  }

  test('comes in again by no door: socket, ticket, new identity, relay, WHIP', async () => {
    const { mallory } = await meeting()
    const { identity } = mallory.welcome
    expect(await mallory.refused('room.join', { room: 'x' })).toMatchObject({ code: 'removed' })
    expect(await mallory.refused('room.peek', { room: 'x' })).toMatchObject({ code: 'removed' })
    await mallory.drop()
    const back = await come(mallory.comeback)
    expect(await back.refused('room.join', { room: 'x' })).toMatchObject({ code: 'removed' })
    const again = await come({ token: mallory.welcome.token })
    expect(await again.refused('room.join', { room: 'x' })).toMatchObject({ code: 'removed' })
    const reborn = await come()
    expect(await reborn.refused('room.join', { room: 'x' })).toMatchObject({ code: 'network-barred' })
    for (const auth of [{ type: 'hello' }, { type: 'auth', token: mallory.welcome.token }]) {
      const relay = await RawSocket.open(`${home.server.url}/relay/x`)
      relay.say(auth)
      await expect.poll(() => relay.messages).toContainEqual(code('network-barred'))
      relay.ws.close()
    }
    const { signaling } = home.server
    for (const guest of [encoder(identity), encoder('new')]) {
      expect(() => signaling.admissible('x', guest)).toThrow(
        code(guest.identity === identity ? 'removed' : 'network-barred'),
      )
      expect(() => signaling.admit('x', guest)).toThrow()
    }
    await back.ask('room.join', { room: 'elsewhere' })
  })

  test('is out with all their seats and relays, and nobody else is', async () => {
    await start({ mediaPlane })
    const own = JSON.stringify({ sub: 'mallory' })
    const [tab, other, ann] = [await come({ token: own }), await come({ token: own }), await come()]
    for (const one of [tab, other, ann]) await one.ask('room.join', { room: 'x' })
    home.server.signaling.admit('x', encoder('mallory', false))
    const relay = await RawSocket.open(`${home.server.url}/relay/x`)
    const friend = await RawSocket.open(`${home.server.url}/relay/x`)
    home.server.signaling.remove('x', tab.id)
    await other.next('room.ended')
    expect(home.server.signaling.room('x')?.participants.map(({ id }) => id)).toEqual([ann.id])
    // A member is kept out by name: nothing happens to others of their network.
    const newcomer = await come()
    await newcomer.ask('room.join', { room: 'x' })
    friend.say({ type: 'hello' })
    await expect.poll(() => relay.messages).toContainEqual({ type: 'hello' })
    for (const one of [relay, friend]) one.ws.close()
  })

  test('takes no neighbour along: who sat there may come back, members come, other rooms are open', async () => {
    const { ann, bob } = await meeting()
    await bob.ask('room.leave', { room: 'x' })
    await bob.ask('room.join', { room: 'x' })
    const member = await come({ token: JSON.stringify({ sub: 'carl' }) })
    await member.ask('room.join', { room: 'x' })
    const newcomer = await come()
    await newcomer.ask('room.join', { room: 'y' })
    expect(ann.all('room.ended')).toEqual([])
    home.server.clock.advance(hourMs)
    await newcomer.ask('room.join', { room: 'x' })
  })

  test('who kept other identities for it is out with those at the second time', async () => {
    await start()
    const [ann, first, second, third] = [await come(), await come(), await come(), await come()]
    for (const one of [ann, first, second, third]) await one.ask('room.join', { room: 'x' })
    await third.ask('room.leave', { room: 'x' })
    home.server.signaling.remove('x', first.id)
    home.server.signaling.remove('x', second.id)
    expect(await third.refused('room.join', { room: 'x' })).toMatchObject({ code: 'network-barred' })
    await ann.ask('room.leave', { room: 'x' })
    await ann.ask('room.join', { room: 'x' })
  })

  test('is out for as long as their token could have let them in, at least a day, until the ban is lifted', async () => {
    await start()
    const [short, long] = [
      await come({ token: token({ sub: 'short' }) }),
      await come({ token: token({ sub: 'long' }, 48 * hourMs) }),
    ]
    for (const one of [short, long]) {
      await one.ask('room.join', { room: 'x' })
      home.server.signaling.remove('x', one.id)
    }
    const { signaling, clock } = home.server
    const left = () => signaling.bans().map(({ identity, until }) => [identity, (until - clock.now()) / hourMs])
    expect(left()).toEqual([
      ['long', 48],
      ['short', 24],
    ])
    const [ban] = signaling.bans()
    expect([signaling.lift(ban?.id ?? ''), signaling.lift(ban?.id ?? '')]).toEqual([true, false])
    await long.ask('room.join', { room: 'x' })
    clock.advance(24 * hourMs)
    expect(left()).toEqual([])
  })

  test('loses what they were given, unless they are or may be elsewhere', async () => {
    const revoked: string[] = []
    const iceServers = { iceServers: () => [], revoke: (identity: string) => revoked.push(identity) }
    await start({ iceServers })
    for (const claims of [{ sub: 'bound', room: 'x' }, { sub: 'free' }, { sub: 'guest', guest: true }]) {
      const one = await come({ token: JSON.stringify(claims) })
      await one.ask('room.join', { room: 'x' })
      home.server.signaling.remove('x', one.id)
    }
    expect(revoked).toEqual(['bound', 'guest'])
  })
})

describe('who is kept out of the server', () => {
  test('is out at once, with the reason, and no ticket or token brings them back', async () => {
    await start()
    const mallory = await come({ token: JSON.stringify({ sub: 'mallory' }) })
    await mallory.ask('room.join', { room: 'x' })
    const until = home.server.clock.now() + hourMs
    home.server.signaling.ban({ identity: 'mallory', until })
    expect(await mallory.next('session.ended')).toMatchObject({ code: 'removed' })
    expect(home.server.signaling.rooms()).toEqual([])
    await expect(come(mallory.comeback)).rejects.toMatchObject({ code: 'removed' })
    home.server.clock.advance(hourMs)
    await come({ token: mallory.welcome.token })
  })

  test('by network: guests, and no members', async () => {
    await start()
    const guest = await come()
    const member = await come({ token: JSON.stringify({ sub: 'ann' }) })
    const relay = await RawSocket.open(`${home.server.url}/relay/x`)
    home.server.signaling.ban({ source: '127.0.0.1', until: home.server.clock.now() + hourMs })
    await guest.next('session.ended')
    expect(await relay.closed).toBe(4403)
    await expect(come()).rejects.toMatchObject({ code: 'network-barred' })
    await member.ask('room.join', { room: 'x' })
  })
})
