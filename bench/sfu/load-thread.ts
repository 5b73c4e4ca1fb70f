// A thread of clients: our own transports against whatever server there is.
import { DtlsContext } from '@parley/dtls'
import { IpAddress } from '@parley/net'
import { isRtcp } from '@parley/rtp'
import { ClientGroup, SfuClient } from '@parley/sfu/testing'
import { Encoder, Message, shortTermKey, stun } from '@parley/stun'
import { nodeCrypto } from '@parley/stun/node'
import { Address, type Datagram, type Loop, type LoopContext, type ServedProgram, serveLoop } from '@parley/udp'
import { type FromLoad, type LoadSetup, type ToLoad, wallMs } from './load-messages.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'

const receiveBufferBytes = 1 << 20
/** Of the decrypted packets, the delay of one in so many is kept. */
const keepOneIn = 3

const answers = new Encoder(new Uint8Array(200))

type Handlers = { readonly [Is in ToLoad['is']]: (message: Extract<ToLoad, { is: Is }>, now: number) => void }

class LoadProgram implements ServedProgram<ToLoad> {
  readonly #loop: Loop
  readonly #post: (message: FromLoad) => void
  readonly #dtls: DtlsContext
  readonly #oneIn: number
  readonly #group = new ClientGroup()
  readonly #senders = new Map<number, Sender>()
  readonly #receivers = new Map<number, Receiver>()
  #delays: number[] = []
  #taken = 0
  readonly #handlers: Handlers = {
    join: (message, now) => this.#join(message, now),
    leave: ({ id }) => this.#leave(id),
    send: ({ rate }, now) => {
      for (const sender of this.#senders.values()) sender.send(rate, now)
    },
    count: () => {
      this.#delays = []
      for (const sender of this.#senders.values()) sender.sent = 0
      for (const receiver of this.#receivers.values()) receiver.received = 0
    },
    tally: () => {
      const sent = [...this.#senders.values()].reduce((sum, sender) => sum + sender.sent, 0)
      const received = [...this.#receivers.values()].reduce((sum, receiver) => sum + receiver.received, 0)
      this.#post({ is: 'tally', sent, received, delays: this.#delays })
    },
  }

  constructor({ loop, data, post }: LoopContext<LoadSetup, FromLoad>) {
    this.#loop = loop
    this.#post = post
    this.#dtls = new DtlsContext(data.certificate)
    this.#oneIn = data.decryptOneIn
  }

  handleMessage(message: ToLoad, now: number): void {
    this.#handlers[message.is](message as never, now)
  }

  nextTimeout(): number {
    let next = this.#group.nextTimeout()
    for (const sender of this.#senders.values()) next = Math.min(next, sender.nextTimeout())
    return next
  }

  handleTimeout(now: number): void {
    for (const sender of this.#senders.values()) sender.handleTimeout(now)
    if (this.#group.nextTimeout() > now) return
    this.#group.handleTimeout(now)
    for (const receiver of this.#receivers.values()) receiver.handleTimeout(now)
  }

  close(): void {
    this.#group.close()
    this.#dtls.close()
  }

  #join({ id, local, remote, ssrc }: Extract<ToLoad, { is: 'join' }>, now: number): void {
    const client = new SfuClient({
      id,
      loop: this.#loopFor(id, local.password),
      address: remote.host,
      server: Address.parse(remote.host, remote.port),
      dtls: this.#dtls,
      role: remote.role,
      local,
      controlled: remote.controls,
      remote: { ice: remote.ice, fingerprints: [remote.fingerprint] },
      onRtp: packet => {
        const receiver = this.#receivers.get(id)
        if (!receiver) return
        const { begun } = receiver
        const delay = receiver.take(packet)
        if (!begun && receiver.begun) this.#post({ is: 'first', id, at: wallMs() })
        if (this.#taken++ % keepOneIn === 0) this.#delays.push(delay)
      },
      onRtcp: (bytes, start, end) => this.#senders.get(id)?.hear(bytes, start, end),
      onState: (state, why) => {
        if (state === 'connected') this.#post({ is: 'connected', id })
        else this.#post({ is: 'ended', id, why: why ?? state })
      },
    })
    if (ssrc === undefined) this.#receivers.set(id, new Receiver(client, 1 + id, remote.transportSequenceNumber))
    else this.#senders.set(id, new Sender(client, ssrc))
    this.#group.add(client)
    client.start(now)
  }

  #leave(id: number): void {
    const client = (this.#senders.get(id) ?? this.#receivers.get(id))?.client
    this.#senders.delete(id)
    this.#receivers.delete(id)
    if (!client) return
    this.#group.remove(client)
    client.close()
  }

  /** The loop, except that the server's ICE checks are answered here, and most packets are counted rather than decrypted. */
  #loopFor(id: number, password: string): Pick<Loop, 'open' | 'outgoing' | 'reserve' | 'trim'> {
    const loop = this.#loop
    return {
      get outgoing() {
        return loop.outgoing
      },
      reserve: bytes => loop.reserve(bytes),
      trim: end => loop.trim(end),
      open: options =>
        loop.open({
          ...options,
          receiveBufferBytes,
          onDatagram: (datagram, now) => {
            if (answerCheck(datagram, password)) return
            const { bytes, start, end } = datagram
            const receiver = this.#receivers.get(id)
            if (receiver && (bytes[start] as number) >> 6 === 2 && !isRtcp(bytes, start)) {
              receiver.arrived(bytes, start, end, now)
              if (receiver.received % this.#oneIn !== 0 && receiver.begun) return
            }
            options.onDatagram(datagram, now)
          },
        }),
    }
  }
}

/** Answers a connectivity check of a full agent (RFC 8445 §7.3); false: it is none. */
function answerCheck({ bytes, start, end, from, socket }: Datagram, password: string): boolean {
  if ((bytes[start] as number) > 3) return false
  const check = Message.decode(bytes, start, end)
  if (check.class !== 'request') return false
  const mapped = { address: IpAddress.parse(from.host), port: from.port }
  const answer = answers.reply(check, 'success').add(stun.xorMappedAddress, mapped)
  const answered = answer.integrity(shortTermKey(password), nodeCrypto).fingerprint().finish()
  socket.send(answered, 0, answered.length, from)
  return true
}

await serveLoop<LoadSetup, ToLoad, FromLoad>(context => new LoadProgram(context))
