import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { Address } from '@parley/udp'
import { type FromMedia, type PublishedMedia, type SubscribedMedia, wantAll } from '../control.ts'
import { newIceCredentials } from '../ice/credentials.ts'
import type { RtpTransport } from '../ports.ts'
import { MediaCore, type MediaRouter } from '../worker/media-core.ts'
import { FakeNet } from './fake-net.ts'
import { RelayRouter } from './relay-router.ts'
import { SfuClient } from './sfu-client.ts'

const media: PublishedMedia = { kind: 'video', mid: '0', encodings: [], codecs: [], extensions: {} }
const subscribed: SubscribedMedia = {
  mid: '0',
  ssrc: 1,
  rtxSsrc: undefined,
  cname: '',
  payloadTypes: [],
  extensions: {},
  feedback: [],
}

export interface JoinOptions {
  /** The server's in DTLS. */
  readonly role?: 'server' | 'client'
  /** The server is told of the client later. */
  readonly late?: boolean
  readonly address?: string
  readonly serverDtls?: DtlsContext
  readonly clientDtls?: DtlsContext
  /** Whose fingerprint the server is told instead of the client's. */
  readonly pretends?: DtlsContext
}

export interface CallOptions {
  readonly router?: MediaRouter
  readonly maxHandshakes?: number
  readonly maxHandshakesOfSource?: number
  readonly handshakeTimeoutMs?: number
}

/** A media worker and clients of ours, in virtual time: for tests of transports. */
export class Call {
  readonly net = new FakeNet()
  readonly reports: FromMedia[] = []
  /** What forwards, unless another one is given. */
  readonly router = new RelayRouter()
  readonly serverDtls: DtlsContext
  readonly clientDtls: DtlsContext
  readonly core: MediaCore
  readonly server = Address.parse('192.0.2.1', 3478)
  /** What the core said to datagrams. */
  readonly taken: boolean[] = []
  readonly #clients: SfuClient[] = []

  constructor({ router, ...dtls }: CallOptions = {}) {
    this.serverDtls = new DtlsContext({ ...makeDtlsCertificate(), simulatedTime: true, ...dtls })
    this.clientDtls = new DtlsContext({ ...makeDtlsCertificate(), simulatedTime: true })
    this.core = new MediaCore({
      dtls: this.serverDtls,
      outgoing: this.net,
      router: router ?? this.router,
      report: message => this.reports.push(message),
    })
    this.net.open({
      address: this.server.host,
      port: this.server.port,
      onDatagram: (datagram, now) => this.taken.push(this.core.receive(datagram, now)),
    })
    this.net.drive(this.core)
  }

  /** A client that is not started yet. */
  add(id: number, { role = 'server', late = false, address = '198.51.100.7', ...other }: JoinOptions = {}): SfuClient {
    const local = newIceCredentials()
    const client = new SfuClient({
      id,
      loop: this.net,
      address,
      server: this.server,
      dtls: other.clientDtls ?? this.clientDtls,
      role: role === 'server' ? 'client' : 'server',
      remote: { ice: local, fingerprints: [this.serverDtls.fingerprint] },
      onRtp: (packet, _now, me) => {
        this.rtp.push({ client: me.id, bytes: packet.bytes.slice(packet.start, packet.payloadEnd) })
      },
      onRtcp: (bytes, start, end, _now, me) => this.rtcp.push({ client: me.id, bytes: bytes.slice(start, end) }),
    })
    this.#clients.push(client)
    const fingerprints = [(other.pretends ?? client.dtls).fingerprint]
    const remote = { ...client.description, fingerprints }
    this.core.command({ is: 'open', transport: id, local, role, remote: late ? undefined : remote }, this.net.now)
    this.net.drive(client)
    return client
  }

  readonly rtp: { readonly client: number; readonly bytes: Uint8Array }[] = []
  readonly rtcp: { readonly client: number; readonly bytes: Uint8Array }[] = []

  /** A client that has connected. */
  join(id: number, options: JoinOptions = {}): SfuClient {
    const client = this.add(id, options)
    client.start(this.net.now)
    this.net.advance(100)
    return client
  }

  /** What one sends, others get. */
  connect(from: number, ...to: readonly number[]): void {
    const { core, net } = this
    core.command({ is: 'publish', publication: from, transport: from, media }, net.now)
    for (const transport of to) {
      const subscription = 1000 * from + transport
      const row = { is: 'subscribe', subscription, transport, publication: from, want: wantAll } as const
      core.command({ ...row, media: subscribed }, net.now)
    }
  }

  states(id: number): string[] {
    return this.reports.flatMap(row => (row.is === 'transport' && row.transport === id ? [row.state] : []))
  }

  close(): void {
    this.core.close(this.net.now)
    for (const client of this.#clients) client.close()
    this.serverDtls.close()
    this.clientDtls.close()
  }
}

/** An RTP packet with a payload of zeros but for its first byte. */
export function rtpPacket(sequenceNumber: number, ssrc = 0xcafe, payloadBytes = 100): Uint8Array {
  const bytes = new Uint8Array(12 + payloadBytes)
  const view = new DataView(bytes.buffer)
  bytes[0] = 0x80
  bytes[1] = 96
  view.setUint16(2, sequenceNumber)
  view.setUint32(4, sequenceNumber * 3000)
  view.setUint32(8, ssrc)
  if (payloadBytes > 0) bytes[12] = sequenceNumber & 0xff
  return bytes
}

/** Sends an RTP packet by a client, or by a transport. */
export function sendRtp(by: RtpTransport, bytes: Uint8Array): boolean {
  const at = by.reserve(bytes.length)
  by.outgoing.set(bytes.subarray(0, 12), at)
  return by.sendRtp(at, at + 12, bytes, 12, bytes.length, 0)
}
