import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect, type Socket as TcpSocket } from 'node:net'
import { Encoder, ice, Message, shortTermKey, stun, verifyIntegrity } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tcpChannel } from '../doctor/channels.ts'
import { TurnClient } from '../doctor/turn-client.ts'
import { startTestServer, type TestServer } from '../testing.ts'

const offer = readFileSync(
  new URL('../../../../packages/sfu/testdata/chromium-audio-video.offer.sdp', import.meta.url),
  'utf8',
)
const sdpType = { 'content-type': 'application/sdp' }
const isCapable = process.platform === 'linux'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ udpPort: 0, mediaWorkers: 2 })
})
afterAll(() => server?.close())

function ports(): readonly number[] {
  const { sfu } = server.edge ?? {}
  return sfu?.is === 'ready' ? sfu.ports : []
}

async function publish(room: string): Promise<string> {
  const answer = await server.ask(`/whip/${room}`, { method: 'POST', headers: sdpType, body: offer })
  expect(answer.status).toBe(201)
  return answer.text()
}

/** Where an answer wants its media. */
function described(answer: string) {
  const find = (pattern: RegExp) => pattern.exec(answer)?.[1] ?? ''
  return {
    username: `${find(/^a=ice-ufrag:(\S+)/m)}:theirs`,
    password: find(/^a=ice-pwd:(\S+)/m),
    candidates: [...answer.matchAll(/^a=candidate:\S+ 1 (\S+) \d+ (\S+) (\d+) /gim)].map(
      ([, protocol, , port]) => `${protocol?.toLowerCase()} ${port}`,
    ),
  }
}

/** A connectivity check as a client makes it (RFC 8445 §7.1), framed for TCP (RFC 4571). */
function framedCheck({ username, password }: { username: string; password: string }): Buffer {
  const check = new Encoder(new Uint8Array(512))
    .message('request', 'binding', randomBytes(12))
    .add(stun.username, username)
    .add(ice.priority, 1)
    .add(ice.iceControlling, 1n)
    .integrity(shortTermKey(password), nodeCrypto)
    .fingerprint()
    .finish()
  const length = Buffer.alloc(2)
  length.writeUInt16BE(check.length)
  return Buffer.concat([length, check])
}

/** The first frame that comes. */
function frame(socket: TcpSocket): Promise<Buffer> {
  let got = Buffer.alloc(0)
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('closed')))
    socket.on('data', chunk => {
      got = Buffer.concat([got, chunk])
      if (got.length > 2 && got.length >= 2 + got.readUInt16BE(0)) resolve(got.subarray(2, 2 + got.readUInt16BE(0)))
    })
  })
}

/** Somebody with signalling, in that room. */
async function signalling(join: { readonly room: string; readonly topology: 'sfu' | 'mesh' }): Promise<Socket> {
  const socket: Socket = io(`https://localhost:${server.port}`, {
    ca: server.authority?.pem ?? '',
    transports: ['websocket'],
    reconnection: false,
  } as Parameters<typeof io>[1])
  await new Promise(resolve => socket.once('welcome', resolve))
  await socket.emitWithAck('room.join', join)
  return socket
}

it.runIf(isCapable)('gives each worker a port of its own, and rooms to them in turn', async () => {
  expect(new Set(ports()).size).toBe(2)
  expect(ports()[0]).toBe(server.edge?.port)
  const first = described(await publish('one')).candidates
  const second = described(await publish('two')).candidates
  const pairs = ports().map(port => [`udp ${port}`, `tcp ${port}`])
  expect([new Set(first), new Set(second)]).toEqual(pairs.map(pair => new Set(pair)))
})

it.runIf(isCapable)(
  'bridges ICE over TCP to the worker, however slowly it begins, beside TURN on the same port',
  async () => {
    const where = described(await publish('tcp'))
    const port = Number(where.candidates[0]?.split(' ')[1])
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    try {
      const answered = frame(socket)
      for (const byte of framedCheck(where)) await new Promise(resolve => socket.write(Buffer.of(byte), resolve))
      const answer = Message.decode(await answered)
      expect(answer.class).toBe('success')
      expect(verifyIntegrity(answer, shortTermKey(where.password), nodeCrypto)).toBe(true)
    } finally {
      socket.destroy()
    }
    const turn = new TurnClient(await tcpChannel('127.0.0.1', port), { username: '', credential: '' })
    expect((await turn.binding()).address.toString()).toBe('127.0.0.1')
    turn.close()
    const text = (await server.ask('/metrics')).text()
    expect(text).toMatch(/^parley_sfu_ice_tcp_received_total [1-9]/m)
    expect(text).toMatch(/^parley_sfu_ice_tcp_sent_total [1-9]/m)
    expect(text).toMatch(/^parley_sfu_publications [1-9]/m)
    expect(text).toMatch(/^parley_sfu_negotiations_refused_total 0$/m)
    expect((await server.ask('/api/info')).json()).toMatchObject({ sfu: { is: 'ready' } })
  },
)

it.runIf(isCapable)(
  'gives no seat to encoders that never connect: a room of 100 stays empty with 120 of them',
  async () => {
    for (let i = 0; i < 120; i++) await publish('reserved')
    expect(server.signaling.room('reserved')).toBeUndefined()
  },
)

it.runIf(isCapable)('answers nobody who does not know the password', async () => {
  const where = described(await publish('forged'))
  const port = Number(where.candidates[0]?.split(' ')[1])
  const socket = connect(port, '127.0.0.1')
  try {
    const answered = frame(socket)
    socket.write(framedCheck({ ...where, password: 'x'.repeat(22) }))
    socket.write(framedCheck(where))
    const answer = Message.decode(await answered)
    expect(verifyIntegrity(answer, shortTermKey(where.password), nodeCrypto)).toBe(true)
  } finally {
    socket.destroy()
  }
  expect((await server.ask('/metrics')).text()).toMatch(/^parley_sfu_checks_forged_total [1-9]/m)
})

it.runIf(isCapable)('refuses nonsense, by HTTP and by signalling, and takes what comes next', async () => {
  const nonsense = await server.ask('/whip/bad', { method: 'POST', headers: sdpType, body: 'v=0 nonsense' })
  expect([nonsense.status, nonsense.json()]).toMatchObject([400, { code: 'bad-request' }])

  const socket = await signalling({ room: 'words', topology: 'sfu' })
  try {
    const say = async (seq: number, sdp: string) => {
      const heard = new Promise(resolve => socket.once('media.signal', resolve))
      const signal = { kind: 'description', description: { type: 'offer', sdp } }
      const body = { room: 'words', side: 'publish', connection: 'c', seq, signal }
      expect(await socket.emitWithAck('media.negotiate', body)).toMatchObject({ ok: true })
      return heard
    }
    const about = { room: 'words', side: 'publish', connection: 'c' }
    expect(await say(0, 'nonsense')).toMatchObject({ ...about, signal: { kind: 'refused', answers: 0 } })
    expect(await say(1, offer)).toMatchObject({
      ...about,
      signal: { kind: 'description', answers: 1, description: { type: 'answer' } },
    })
  } finally {
    socket.disconnect()
  }
})

it.runIf(isCapable)('tells operators what the media of a room look like, and nobody else', async () => {
  const admin = { authorization: `Bearer ${await server.tokens.mint({ sub: 'ops', grants: { admin: true } }, 60)}` }
  const socket = await signalling({ room: 'measured', topology: 'sfu' })
  try {
    const signal = { kind: 'description', description: { type: 'offer', sdp: offer } }
    const body = { room: 'measured', side: 'publish', connection: 'c', seq: 0, signal }
    const answered = new Promise(resolve => socket.once('media.signal', resolve))
    await socket.emitWithAck('media.negotiate', body)
    await answered
    const stream = /^a=msid:(\S+) /m.exec(offer)?.[1]
    const tracks = [{ id: stream, source: 'microphone', muted: false }]
    await socket.emitWithAck('participant.update', { room: 'measured', tracks })
    const shown = await server.ask('/api/rooms/measured/media', { headers: admin })
    expect([shown.status, shown.json()]).toMatchObject([
      200,
      {
        room: 'measured',
        participants: [{ sends: [{ track: stream, source: 'microphone', layers: [] }], receives: [] }],
      },
    ])
    expect((await server.ask('/api/rooms/measured/media')).status).toBe(401)
  } finally {
    socket.disconnect()
  }
})

it.runIf(isCapable)('has no seats in a room that is to be a mesh, neither by signalling nor by HTTP', async () => {
  const socket = await signalling({ room: 'pair', topology: 'mesh' })
  try {
    const refused = await server.ask('/whip/pair', { method: 'POST', headers: sdpType, body: offer })
    expect([refused.status, refused.json()]).toMatchObject([409, { code: 'no-sfu' }])
    const body = { room: 'pair', side: 'subscribe', connection: 'c', seq: 0, signal: { kind: 'restart' } }
    expect(await socket.emitWithAck('media.negotiate', body)).toMatchObject({ ok: false, error: { code: 'no-sfu' } })
  } finally {
    socket.disconnect()
  }
})

it.runIf(isCapable)(
  'says at once that it is away when its process was killed, and people by HTTP are gone',
  async () => {
    const location = (await server.ask('/whip/gone', { method: 'POST', headers: sdpType, body: offer })).headers
      .location
    const { edge } = server
    process.kill(edge?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => edge?.state.is).toBe('down')
    const refused = await server.ask('/whip/gone', { method: 'POST', headers: sdpType, body: offer })
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
    await expect.poll(() => edge?.state.is).toBe('serving')
    expect((await server.ask(location ?? '', { method: 'DELETE' })).status).toBe(404)
    await publish('gone')
  },
)
