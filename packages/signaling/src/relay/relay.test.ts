import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { house } from '../testing/house.ts'
import { RawSocket } from '../testing/raw-socket.ts'
import { testAuthenticator } from '../testing/server.ts'

const home = house()

const enter = (room: string, headers?: Record<string, string>) =>
  RawSocket.open(`${home.server.url}/relay/${room}`, headers)

/** Everything said to this peer before has arrived. */
async function heard(peer: RawSocket, count: number): Promise<unknown[]> {
  await expect.poll(() => peer.texts.length).toBe(count)
  return peer.messages
}

/** Nothing more arrives than `count` messages: what would come, would come before this answer. */
async function nothingBut(peer: RawSocket, count: number): Promise<void> {
  peer.say('?')
  await expect.poll(() => peer.texts.at(-1)).toContain('not JSON')
  expect(peer.texts).toHaveLength(count + 1)
}

const error = (code: string) => expect.objectContaining({ type: 'error', code, message: expect.any(String) })

test('passes any object with a type on to the others in the room, byte for byte', async () => {
  await home.start()
  const [ann, bob, cleo, elsewhere] = [await enter('x'), await enter('x'), await enter('x'), await enter('y')]
  const messages = [
    '{"type":"ready"}',
    '{ "type" : "offer",\n "sdp":"v=0\\r\\n", "n":1e3, "n":2 }',
    '{"type":"candidate","candidate":{"candidate":"","sdpMid":null}}',
    '{"type":"something of mine","deep":[[{"__proto__":1}]]}',
    '{"type":"grüße 👋"}',
  ]
  ann.say(...messages)
  await heard(bob, messages.length)
  await heard(cleo, messages.length)
  expect(bob.texts).toEqual(messages)
  expect(cleo.texts).toEqual(messages)
  await nothingBut(ann, 0)
  await nothingBut(elsewhere, 0)
  expect(home.server.heard.relayedBytes).toBe(Buffer.byteLength(messages.join('')))
  expect(home.server.signaling.counts()).toMatchObject({ sockets: 4, rooms: 0 })
})

test('rooms whose names look alike are one', async () => {
  await home.start()
  const [ann, bob] = [await enter('Caf%C3%A9'), await enter('cafe%CC%81%E2%80%8B%20')]
  ann.say({ type: 'ready' })
  expect(await heard(bob, 1)).toEqual([{ type: 'ready' }])
})

test('whoever has a connection misses nothing, however long it took to find out who it is', async () => {
  const quick = testAuthenticator()
  let waited = 0
  const authenticate = async (token: string | undefined) => {
    while (++waited % 20 !== 0) await new Promise(setImmediate)
    return quick.authenticate(token)
  }
  await home.start({ authenticator: { ...quick, authenticate } })
  const [ann, bob] = [await enter('x'), await enter('x')]
  ann.say({ type: 'ready' })
  expect(await heard(bob, 1)).toEqual([{ type: 'ready' }])
})

test('rooms have names of any script, as links do', async () => {
  await home.start()
  const [ann, bob] = [await enter('%E6%88%BF%E9%97%B4-1?from=link'), await enter(encodeURIComponent('房间-1'))]
  ann.say({ type: 'ready' })
  expect(await heard(bob, 1)).toEqual([{ type: 'ready' }])
})

test('what is wrong is answered with an error, and the connection lives', async () => {
  await home.start()
  const [ann, bob] = [await enter('x'), await enter('x')]
  const bad = ['', '{', 'null', '7', '"text"', '[]', '{}', '{"type":7}', '{"type":""}', `{"type":"${'x'.repeat(65)}"}`]
  ann.say(...bad)
  ann.ws.send(Buffer.from('{"type":"offer"}'))
  expect(await heard(ann, bad.length + 1)).toEqual(new Array(bad.length + 1).fill(error('bad-request')))
  ann.say({ type: 'ready' })
  expect(await heard(bob, 1)).toEqual([{ type: 'ready' }])
})

test('says bye for who goes without a word, and not for who has said it', async () => {
  await home.start()
  const [ann, bob, cleo] = [await enter('x'), await enter('x'), await enter('x')]
  cleo.ws.terminate()
  expect(await heard(ann, 1)).toEqual([{ type: 'bye' }])
  expect(await heard(bob, 1)).toEqual([{ type: 'bye' }])
  bob.say({ type: 'bye' })
  await heard(ann, 2)
  bob.ws.close()
  await bob.closed
  const dan = await enter('x')
  dan.say({ type: 'bye' }, { type: 'ready' })
  await heard(ann, 4)
  // Back after all, so the goodbye no longer holds.
  dan.ws.close()
  expect((await heard(ann, 5)).at(-1)).toEqual({ type: 'bye' })
})

test('where tokens are needed, nothing passes before a good one', async () => {
  await home.start({ closed: true })
  const [ann, bob, mallory] = [await enter('x'), await enter('x'), await enter('x')]
  for (const peer of [ann, bob]) {
    // What follows the token at once waits for it.
    peer.say({ type: 'auth', token: '{"sub":"somebody","room":"x"}' }, { type: 'ready' })
  }
  await heard(ann, 1)
  mallory.say(
    { type: 'ready' },
    { type: 'auth' },
    { type: 'auth', token: 'rubbish' },
    { type: 'auth', token: 'expired' },
    { type: 'auth', token: '{"sub":"mallory","room":"y"}' },
    { type: 'offer' },
  )
  const codes = ['unauthorized', 'bad-request', 'token-invalid', 'token-expired', 'not-allowed', 'unauthorized']
  expect(await heard(mallory, 6)).toEqual(codes.map(error))
  ann.say({ type: 'secret' })
  await heard(bob, bob.texts.length + 1)
  expect(mallory.texts).toHaveLength(6)
  expect(bob.texts.at(-1)).toBe('{"type":"secret"}')
  expect(ann.texts).toEqual(['{"type":"ready"}'])
})

test('a stranger who shows no token is sent away', async () => {
  await home.start({ closed: true })
  const [ann, mallory] = [await enter('x'), await enter('x')]
  ann.say({ type: 'auth', token: '{"sub":"ann"}' })
  mallory.say({ type: 'auth', token: 'rubbish' })
  await heard(mallory, 1)
  home.server.clock.advance(10_000)
  expect(await mallory.closed).toBe(4401)
  await nothingBut(ann, 0)
})

test('a token is never passed on, also where none is needed', async () => {
  await home.start()
  const [ann, bob] = [await enter('x'), await enter('x')]
  ann.say({ type: 'auth', token: 's3cret' }, { type: 'ready' })
  expect(await heard(bob, 1)).toEqual([{ type: 'ready' }])
  expect(ann.texts).toEqual([])
})

test('the room and the rate are limited, the size closes', async () => {
  await home.start({ limits: { relayPeers: 2, relayMessages: { perSecond: 10, burst: 5 } } })
  const [ann, bob, cleo] = [await enter('x'), await enter('x'), await enter('x')]
  expect(await cleo.closed).toBe(4409)
  expect(cleo.messages).toEqual([error('room-full')])
  ann.say(...new Array(6).fill({ type: 'ready' }))
  expect(await heard(ann, 1)).toEqual([error('rate-limited')])
  await heard(bob, 5)
  home.server.clock.advance(100)
  ann.say({ type: 'ready' })
  await heard(bob, 6)
  bob.say({ type: 'offer', sdp: 'x'.repeat(266_000) })
  expect(await bob.closed).toBe(1009)
  expect((await heard(ann, 2)).at(-1)).toEqual({ type: 'bye' })
  await enter('x')
})

test.each(['', '%', '-x', 'a/b', 'a%20b', 'x'.repeat(65)])('there is no room %j', async room => {
  await home.start()
  const status = await new Promise<number | undefined>(done => {
    const socket = new RawSocket(`${home.server.url}/relay/${room}`)
    socket.ws.once('unexpected-response', (_, response) => done(response.statusCode))
  })
  expect(status).toBe(400)
})

test('who shows no sign of life is gone after two looks', async () => {
  await home.start()
  const ann = await enter('x')
  const dead = connect((home.server.http.address() as AddressInfo).port, '127.0.0.1')
  dead.write(
    'GET /relay/x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await expect.poll(() => home.server.signaling.counts().sockets).toBe(2)
  const pinged = new Promise(done => ann.ws.once('ping', done))
  home.server.clock.advance(10_000)
  await pinged
  await nothingBut(ann, 0)
  home.server.clock.advance(10_000)
  expect((await heard(ann, 2)).at(-1)).toEqual({ type: 'bye' })
  expect(ann.ws.readyState).toBe(ann.ws.OPEN)
  dead.destroy()
})

test('stopping closes it with a reason', async () => {
  await home.start()
  const ann = await enter('x')
  await home.server.signaling.stop('update')
  expect(await ann.closed).toBe(1001)
})
