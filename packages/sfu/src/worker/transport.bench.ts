/**
 * CPU time and garbage of a packet's way through a media worker, without router and kernel: what arrives is decrypted, and
 * protected anew for each subscriber into the loop's memory. Run with `npx tsx packages/sfu/src/worker/transport.bench.ts`.
 */
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { Address, createLoop, type Datagram, type OpenOptions, type UdpSocket } from '@parley/udp'
import { wantAll } from '../control.ts'
import { newIceCredentials } from '../ice/credentials.ts'
import { rtpPacket, sendRtp } from '../testing/call.ts'
import { RelayRouter } from '../testing/relay-router.ts'
import { SfuClient } from '../testing/sfu-client.ts'
import { MediaCore } from './media-core.ts'

const payloadBytes = 1088
const rounds = 5
const packets = 100_000

type Send = (bytes: Uint8Array, start: number, end: number) => void

/** Sockets that call each other; those for whom nobody listens any more take everything and drop it. */
class Wires {
  readonly #handlers = new Map<string, OpenOptions['onDatagram']>()
  readonly #sockets = new Map<string, UdpSocket>()
  /** Instead of delivering: where what is sent to the server goes. */
  tap: Send | undefined
  #port = 1

  readonly open = ({ address, onDatagram }: OpenOptions): UdpSocket => {
    const local = Address.parse(address, this.#port++)
    const stats = () => loop.stats()
    const send = (bytes: Uint8Array, start: number, end: number, to: Address) =>
      this.#send(socket, bytes, start, end, to)
    const rest = { dual: false, closed: false, buffers: { receive: 0, send: 0 }, setDontFragment: () => true, stats }
    const socket: UdpSocket = { ...rest, local, send, close: () => this.#handlers.delete(local.key) }
    this.#handlers.set(local.key, onDatagram)
    this.#sockets.set(local.key, socket)
    return socket
  }

  #send(from: UdpSocket, bytes: Uint8Array, start: number, end: number, to: Address): boolean {
    if (this.tap) {
      if (to.equals(server.local)) this.tap(bytes, start, end)
      return true
    }
    const socket = this.#sockets.get(to.key)
    const copy = bytes.slice(start, end)
    queue.push(() => {
      if (socket) this.#handlers.get(to.key)?.({ bytes: copy, start: 0, end: copy.length, from: from.local, socket }, 0)
    })
    return true
  }
}

const queue: (() => void)[] = []
let now = 0
const loop = createLoop({
  onError: error => {
    throw error
  },
})
const wires = new Wires()
const router = new RelayRouter()
const dtls = new DtlsContext(makeDtlsCertificate())
const core = new MediaCore({ dtls, outgoing: loop, router, report: () => {} })
const server = wires.open({ address: '192.0.2.1', onDatagram: (datagram, now) => core.receive(datagram, now) })
const memory = {
  open: wires.open,
  get outgoing() {
    return loop.outgoing
  },
  reserve: (length: number) => loop.reserve(length),
  trim: (end: number) => loop.trim(end),
}

function join(id: number): SfuClient {
  const local = newIceCredentials()
  const remote = { ice: local, fingerprints: [dtls.fingerprint] }
  const client = new SfuClient({ id, loop: memory, address: '198.51.100.1', server: server.local, dtls, remote })
  core.command({ is: 'open', transport: id, local, role: 'server', remote: client.description }, 0)
  client.start(0)
  for (let deliver = queue.shift(); deliver; deliver = queue.shift()) deliver()
  if (!client.connected) throw new Error(`client ${id} did not connect`)
  return client
}

/** The best round: µs of CPU and bytes of heap for each packet that a publisher sends to `subscribers` others. */
function measure(first: number, subscribers: number): { readonly us: number; readonly bytes: number } {
  wires.tap = undefined
  const publisher = join(first)
  const media = { kind: 'video', mid: '0', encodings: [], codecs: [], extensions: {} } as const
  core.command({ is: 'publish', publication: first, transport: first, media }, 0)
  for (let i = 1; i <= subscribers; i++) {
    join(first + i)
    const row = { is: 'subscribe', subscription: first + i, transport: first + i, publication: first } as const
    const subscribed = { mid: '0', ssrc: i, rtxSsrc: undefined, cname: '', payloadTypes: [], extensions: {} } as const
    core.command({ ...row, want: wantAll, media: { ...subscribed, feedback: [] } }, 0)
  }
  const datagram: { -readonly [K in keyof Datagram]: Datagram[K] } = {
    bytes: loop.outgoing,
    start: 0,
    end: 0,
    from: publisher.address,
    socket: server,
  }
  wires.tap = (bytes, start, end) => {
    datagram.bytes = bytes
    datagram.start = start
    datagram.end = end
    // As fast as a peer may send.
    now += 0.1
    core.receive(datagram, now)
  }
  const count = Math.ceil(packets / (1 + subscribers))
  const packet = rtpPacket(0, 0xcafe, payloadBytes)
  let sequenceNumber = 0
  const best = { us: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }
  for (let round = 0; round <= rounds; round++) {
    const heap = process.memoryUsage().heapUsed
    const cpu = process.cpuUsage()
    for (let i = 0; i < count; i++) {
      sequenceNumber = (sequenceNumber + 1) & 0xffff
      packet[2] = sequenceNumber >> 8
      packet[3] = sequenceNumber
      sendRtp(publisher, packet)
      loop.flush()
    }
    const used = process.cpuUsage(cpu)
    if (round === 0) continue // It warms up.
    best.us = Math.min(best.us, (used.user + used.system) / count)
    const grown = process.memoryUsage().heapUsed - heap
    if (grown >= 0) best.bytes = Math.min(best.bytes, grown / count)
  }
  return best
}

const alone = measure(0, 0)
const fanout = 100
const all = measure(1000, fanout)
console.log(`received, with its sender's protection: ${alone.us.toFixed(2)} µs, ${alone.bytes.toFixed(0)} B of heap`)
const each = (all.us - alone.us) / fanout
const heap = Math.max(0, all.bytes - alone.bytes) / fanout
console.log(`protected for one subscriber of ${fanout}: ${each.toFixed(2)} µs, ${heap.toFixed(1)} B of heap`)
core.close(0)
dtls.close()
loop.close()
