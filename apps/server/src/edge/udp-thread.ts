import { DtlsContext } from '@parley/dtls'
import { sourceKey } from '@parley/net'
import type { FromMedia } from '@parley/sfu'
import { openDiscovery, type TurnServer, UdpListener } from '@parley/turn'
import { type Address, type Datagram, type LoopContext, type ServedProgram, serveLoop, UdpError } from '@parley/udp'
import { BridgePorts } from './bridge-ports.ts'
import type { FromUdp, ToUdp, UdpSetup } from './control.ts'
import type { MediaAddress } from './media-addresses.ts'
import { MediaThread } from './media-thread.ts'
import { Outside } from './outside.ts'
import { mediaServices, relayAddresses, turnCore } from './turn-core.ts'

/** STUN, TURN and media over UDP, on a loop of its own. */
class UdpProgram implements ServedProgram<ToUdp> {
  readonly #context: LoopContext<UdpSetup, FromUdp>
  readonly #server: TurnServer
  readonly #media: MediaThread | undefined
  readonly #first: (datagram: Datagram, now: number) => boolean
  readonly #outside: Outside
  #mediaAddresses: readonly MediaAddress[]
  /** Of all threads that forward; none: nothing is forwarded. */
  #mediaPorts: readonly number[] = []

  constructor(context: LoopContext<UdpSetup, FromUdp>) {
    this.#context = context
    this.#server = turnCore(context.data, context.loop)
    this.#mediaAddresses = context.data.config.mediaAddresses
    const { certificate } = context.data
    const report = (message: FromMedia) => context.post({ is: 'media', message })
    const bridges = new BridgePorts(context.data.config.host, context.data.bridgeMemory)
    const sourceOf = (remote: Address) =>
      sourceKey(bridges.clientBehind(remote) ?? this.#server.clientBehind(remote) ?? remote.bytes())
    const { handshakesOfSource: maxHandshakesOfSource } = context.data.config.media ?? {}
    const limits = maxHandshakesOfSource === undefined ? {} : { maxHandshakesOfSource }
    const dtls = certificate && new DtlsContext({ ...certificate, ...limits })
    const media = dtls && new MediaThread(context.loop, dtls, { report, sourceOf })
    this.#media = media
    const outside = new Outside(context.data.config.own)
    this.#outside = outside
    this.#first = (datagram, now) => {
      outside.datagram(datagram, now)
      return media?.receive(datagram, now) ?? false
    }
  }

  nextTimeout(): number {
    return Math.min(this.#server.nextTimeout(), this.#media?.nextTimeout() ?? Number.POSITIVE_INFINITY)
  }

  handleTimeout(now: number): void {
    this.#server.handleTimeout(now)
    this.#media?.handleTimeout(now)
  }

  handleMessage(message: ToUdp): void {
    const { post, loop } = this.#context
    switch (message.is) {
      case 'listen':
        post(this.#listen(message.port))
        break
      case 'count':
        post({
          is: 'counted',
          id: message.id,
          turn: this.#server.counters(),
          udp: loop.stats(),
          outside: this.#outside.counters(),
          media: this.#media?.counters(),
        })
        break
      case 'addresses':
        this.#server.setAddresses(message.own, relayAddresses(message.relays))
        this.#outside.setOwn(message.own)
        this.#mediaAddresses = message.mediaAddresses
        this.#allowMedia()
        break
      case 'revoke':
        this.#server.revoke(message.user, message.untilMs)
        break
      case 'media-ports':
        this.#mediaPorts = message.ports
        this.#allowMedia()
        break
      case 'media':
        this.#media?.command(message.message)
    }
  }

  close(): void {
    this.#media?.close()
    this.#server.close()
  }

  #allowMedia(): void {
    this.#server.setServices(mediaServices(this.#mediaAddresses, this.#mediaPorts))
  }

  #listen(port: number): FromUdp {
    try {
      return { is: 'listening', port: this.#open(port) }
    } catch (error) {
      if (!(error instanceof UdpError)) throw error
      return { is: 'refused', code: error.code, message: error.message }
    }
  }

  /** Returns the port. Throws UdpError, leaving nothing open. */
  #open(port: number): number {
    const { loop, data } = this.#context
    const { host, discovery } = data.config
    if (!discovery) return this.#plain(host, port).socket.local.port
    const { addresses, alternatePort = port + 1, others } = discovery
    const open = [...openDiscovery(loop, this.#server, { addresses, ports: [port, alternatePort], first: this.#first })]
    try {
      for (const address of others) open.push(this.#plain(address, port))
    } catch (error) {
      for (const { socket } of open) socket.close()
      throw error
    }
    return port
  }

  #plain(address: string, port: number): UdpListener {
    return new UdpListener(this.#context.loop, this.#server, address, port, { first: this.#first })
  }
}

await serveLoop<UdpSetup, ToUdp, FromUdp>(context => new UdpProgram(context))
