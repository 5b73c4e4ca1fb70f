import { type TurnServer, UdpListener } from '@parley/turn'
import { type LoopContext, type ServedProgram, serveLoop, UdpError } from '@parley/udp'
import type { FromUdp, ToUdp, UdpSetup } from './control.ts'
import { turnCore } from './turn-core.ts'

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
    if (message.is === 'listen') post(this.#listen(message.port))
    else post({ is: 'counted', id: message.id, turn: this.#server.counters(), udp: loop.stats() })
  }

  close(): void {
    this.#server.close()
  }

  #listen(port: number): FromUdp {
    const { loop, data } = this.#context
    try {
      const { socket } = new UdpListener(loop, this.#server, data.config.host, port)
      return { is: 'listening', port: socket.local.port }
    } catch (error) {
      if (!(error instanceof UdpError)) throw error
      return { is: 'refused', code: error.code, message: error.message }
    }
  }
}

await serveLoop<UdpSetup, ToUdp, FromUdp>(context => new UdpProgram(context))
