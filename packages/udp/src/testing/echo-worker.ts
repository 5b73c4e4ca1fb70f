import { type Loop, type LoopContext, type ServedProgram, serveLoop, type UdpStats } from '../index.ts'
import { sendBack } from './send-back.ts'

/** What the tests' worker is told, and what it answers. */
export type EchoCommand =
  | { readonly do: 'open'; readonly address: string }
  | { readonly do: 'ping'; readonly id: number }
  | { readonly do: 'stats' }
  | { readonly do: 'timer'; readonly ms: number }
  | { readonly do: 'throw' }
  | { readonly do: 'die' }
  | { readonly do: 'hang' }

export type EchoReport =
  | { readonly is: 'started'; readonly kind: Loop['kind']; readonly greeting: string }
  | { readonly is: 'open'; readonly port: number }
  | { readonly is: 'pong'; readonly id: number }
  | { readonly is: 'stats'; readonly stats: UdpStats }
  | { readonly is: 'timer'; readonly lateMs: number }
  | { readonly is: 'closing' }

class EchoProgram implements ServedProgram<EchoCommand> {
  readonly #context: LoopContext<{ greeting: string }, EchoReport>
  #due = Number.POSITIVE_INFINITY

  constructor(context: LoopContext<{ greeting: string }, EchoReport>) {
    this.#context = context
    context.post({ is: 'started', kind: context.loop.kind, greeting: context.data.greeting })
  }

  nextTimeout(): number {
    return this.#due
  }

  handleTimeout(now: number): void {
    this.#context.post({ is: 'timer', lateMs: now - this.#due })
    this.#due = Number.POSITIVE_INFINITY
  }

  handleMessage(command: EchoCommand, now: number): void {
    const { loop, post } = this.#context
    switch (command.do) {
      case 'open':
        post({ is: 'open', port: loop.open({ address: command.address, onDatagram: sendBack }).local.port })
        break
      case 'ping':
        post({ is: 'pong', id: command.id })
        break
      case 'stats':
        post({ is: 'stats', stats: loop.stats() })
        break
      case 'timer':
        this.#due = now + command.ms
        break
      case 'throw':
        throw new TypeError('thrown on purpose')
      case 'die':
        process.exit(7)
        break
      case 'hang':
        for (;;) performance.now()
    }
  }

  close(): void {
    this.#context.post({ is: 'closing' })
  }
}

await serveLoop<{ greeting: string }, EchoCommand, EchoReport>(context => new EchoProgram(context))
