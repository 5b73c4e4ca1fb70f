import { openDiscovery, type TurnServer, UdpListener } from '@parley/turn'
import { type LoopContext, type ServedProgram, serveLoop, UdpError } from '@parley/udp'
import type { FromUdp, ToUdp, UdpSetup } from './control.ts'
import { relayAddresses, turnCore } from './turn-core.ts'

/** STUN and TURN over UDP, on a loop of its own. */
class UdpProgram implements ServedProgram<ToUdp> {
  readonly #context: LoopContext<UdpSetup, FromUdp>
  readonly #server: TurnServer

  constructor(context: LoopContext<UdpSetup, FromUdp>) {
    this.#context = context
    this.#server = turnCore(context.data, context.loop)
  }

  nextTimeout(): number {
    return this.#server.nextTimeout()
  }

  handleTimeout(now: number): void {
    this.#server.handleTimeout(now)
  }

  handleMessage(message: ToUdp): void {
    const { post, loop } = this.#context
    switch (message.is) {
      case 'listen':
        post(this.#listen(message.port))
        break
      case 'count':
        post({ is: 'counted', id: message.id, turn: this.#server.counters(), udp: loop.stats() })
        break
      case 'addresses':
        this.#server.setAddresses(message.own, relayAddresses(message.relays))
    }
  }

  close(): void {
    this.#server.close()
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
    if (!discovery) return new UdpListener(loop, this.#server, host, port).socket.local.port
    const { addresses, alternatePort = port + 1, others } = discovery
    const open = [...openDiscovery(loop, this.#server, { addresses, ports: [port, alternatePort] })]
    try {
      for (const address of others) open.push(new UdpListener(loop, this.#server, address, port))
    } catch (error) {
      for (const { socket } of open) socket.close()
      throw error
    }
    return port
  }
}

await serveLoop<UdpSetup, ToUdp, FromUdp>(context => new UdpProgram(context))
