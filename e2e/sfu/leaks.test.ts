import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import datachannel from 'node-datachannel'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Parley, startParley } from '../harness/parley.ts'

const joins = 1000
/** Everything that is made once, such as compiled code and grown pools, is there after these. */
const warmUp = 300
const atOneTime = 8
const room = 'leaks'

let parley: Parley
let ca: Buffer

/** Garbage is collected each second: V8 itself may let some 70 MB gather, which look like a leak. */
const tidy = `--expose-gc --import=data:text/javascript,${encodeURIComponent('setInterval(gc, 1000).unref()')}`

beforeAll(async () => {
  process.env.NODE_OPTIONS = tidy
  parley = await startParley(['--topology', 'sfu', '--metrics', 'open'])
  ca = await readFile(join(parley.dataDir, 'authority.crt'))
})
afterAll(() => parley.close())

interface Answer {
  readonly status: number
  readonly location: string
  readonly body: string
}

function ask(method: string, path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/sdp' }
    const options = { host: 'localhost', port: parley.port, path, method, ca, headers }
    const asking = request(options, async answer => {
      const text = Buffer.concat(await answer.toArray()).toString()
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', body: text })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/** An encoder that publishes a picture by WHIP; resolves when its handshake is done, with what ends it. */
async function publish(): Promise<() => Promise<void>> {
  const connection = new datachannel.PeerConnection('encoder', { iceServers: [] })
  const video = new datachannel.Video('video', 'SendOnly')
  video.addVP8Codec(96)
  video.addSSRC(1, 'encoder', 'stream', 'video')
  const track = connection.addTrack(video)
  const connected = new Promise<void>((resolve, reject) => {
    connection.onStateChange(state => {
      if (state === 'connected') resolve()
      else if (state === 'failed') reject(new Error('an encoder could not connect'))
    })
  })
  connection.setLocalDescription()
  const answer = await ask('POST', `/whip/${room}`, connection.localDescription()?.sdp ?? '')
  expect(answer.status).toBe(201)
  connection.setRemoteDescription(answer.body, 'answer')
  await connected
  return async () => {
    expect((await ask('DELETE', answer.location)).status).toBe(200)
    track.close()
    connection.close()
  }
}

/** Somebody who comes by signalling, is offered the picture by the SFU, and leaves. */
async function visit(): Promise<void> {
  const socket: Socket = io(parley.url, {
    ca: ca.toString(),
    auth: { name: 'Visitor' },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  })
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject)
    socket.on('welcome', () => {
      socket.emit('room.join', { room }, (reply: { ok: boolean }) => {
        if (!reply.ok) reject(new Error(JSON.stringify(reply)))
      })
    })
    socket.on('media.signal', ({ side, signal }: { side: string; signal: { kind: string } }) => {
      if (side === 'subscribe' && signal.kind === 'description') resolve()
    })
  })
  socket.disconnect()
}

/** So many encoders, each with a visitor, a few at one time. */
async function comeAndGo(times: number): Promise<void> {
  let left = times
  const lane = async () => {
    while (left-- > 0) {
      const leave = await publish()
      await visit()
      await leave()
    }
  }
  await Promise.all(Array.from({ length: atOneTime }, lane))
}

/** How many there are of things that come and go, over all processes of the server. */
async function inUse(): Promise<Record<string, number>> {
  const { body } = await ask('GET', '/metrics')
  const levels = [...body.matchAll(/^# TYPE (parley_\S+) gauge\n\1 (\S+)$/gm)]
  const pids = await parley.processes()
  const descriptors = await Promise.all(pids.map(async pid => (await readdir(`/proc/${pid}/fd`)).length))
  return {
    ...Object.fromEntries(levels.map(([, name, value]) => [name, Number(value)])),
    ...Object.fromEntries(descriptors.map((count, index) => [`descriptors of process ${index + 1}`, count])),
  }
}

async function residentMegabytes(): Promise<number> {
  const statuses = await Promise.all((await parley.processes()).map(pid => readFile(`/proc/${pid}/status`, 'utf8')))
  return statuses.reduce((sum, status) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024, 0)
}

it.runIf(process.platform === 'linux')(
  'after 1,000 joins and leaves the server holds what it held before',
  async () => {
    const before = await inUse()
    expect(before).toMatchObject({ parley_sfu_rooms: 0, parley_participants: 0, parley_sfu_history_bytes: 0 })
    const asBefore = () => expect.poll(inUse, { interval: 500 }).toEqual(before)
    await comeAndGo(warmUp)
    await asBefore()
    const megabytes = await residentMegabytes()
    await comeAndGo(joins)
    await asBefore()
    console.log(`memory: ${megabytes.toFixed(0)} MB before, ${(await residentMegabytes()).toFixed(0)} MB after`)
    // A thousand forgotten transports would be 100 MB.
    expect((await residentMegabytes()) - megabytes).toBeLessThan(40)
  },
)
