import { setTimeout as sleep } from 'node:timers/promises'
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { newIceCredentials } from '@parley/sfu'
import { type LoopWorker, startLoopWorker, workerEntry } from '@parley/udp'
import { type FromLoad, type LoadSetup, type Rate, type Tally, type ToLoad, wallMs } from './load-messages.ts'
import type { End } from './sdp.ts'
import type { SfuServer } from './server.ts'

const patienceMs = 20_000
/** Time for packets under way to arrive, before and after counting, ms. */
export const settleMs = 600

type Message<Is extends FromLoad['is']> = Extract<FromLoad, { is: Is }>

/** Clients in a thread of this process, and how they get into a server's rooms. */
export class Load {
  readonly #certificate = makeDtlsCertificate()
  readonly #fingerprint: End['fingerprint']
  readonly #worker: LoopWorker<ToLoad>
  readonly #server: SfuServer
  readonly #waiting = new Map<string, (message: FromLoad) => void>()
  readonly #ends = new Map<number, End>()
  #ids = 0

  /** @param decryptOneIn One packet in so many is decrypted; the others are only counted, so that the server is the bottleneck. */
  constructor(server: SfuServer, decryptOneIn = 1) {
    const context = new DtlsContext(this.#certificate)
    this.#fingerprint = context.fingerprint
    context.close()
    this.#server = server
    const data: LoadSetup = { certificate: this.#certificate, decryptOneIn }
    this.#worker = startLoopWorker<ToLoad, FromLoad>(workerEntry(import.meta.url, 'load-thread'), {
      data,
      name: 'load',
      onMessage: message => this.#hear(message),
      onError: error => console.error(error),
      onExit: reason => {
        if (reason) throw reason
      },
    })
  }

  /** Somebody who sends, in a room of their own; resolves with their number when connected. */
  async publish(room: number): Promise<number> {
    const id = ++this.#ids
    const ssrc = 0x1000_0000 + 16 * id
    const end = this.#end(id)
    const connected = this.#next('connected', id)
    this.#worker.post({ is: 'join', id, local: end.ice, remote: await this.#server.publish(room, end, ssrc), ssrc })
    await connected
    return id
  }

  /** Somebody who receives; resolves with their number and the ms from asking to the first key frame. Needs a sender. */
  async play(room: number): Promise<{ readonly id: number; readonly firstMs: number }> {
    const begin = wallMs()
    const id = ++this.#ids
    const end = this.#end(id)
    const first = this.#next('first', id)
    const remote = await this.#server.play(room, end)
    this.#worker.post({ is: 'join', id, local: end.ice, remote, ssrc: undefined })
    return { id, firstMs: (await first).at - begin }
  }

  /** Somebody goes: with a goodbye, or by ending the connection alone. */
  async leave(id: number, how: 'politely' | 'silently'): Promise<void> {
    const end = this.#ends.get(id)
    this.#ends.delete(id)
    if (end && how === 'politely') await this.#server.leave?.(end)
    this.#worker.post({ is: 'leave', id })
  }

  /** Lets the senders send from now on. */
  send(rate: Rate): void {
    this.#worker.post({ is: 'send', rate })
  }

  /** Counts what is sent in so many seconds, and how much of it arrives; nothing is sent before and after. */
  async count(rate: Rate, seconds: number): Promise<Tally> {
    this.pause()
    await sleep(settleMs)
    this.#worker.post({ is: 'count' })
    this.send(rate)
    await sleep(1000 * seconds)
    this.pause()
    await sleep(settleMs)
    const tally = this.#next('tally', 0)
    this.#worker.post({ is: 'tally' })
    return tally
  }

  pause(): void {
    this.send({ perSecond: 0, burst: 1 })
  }

  close(): Promise<void> {
    return this.#worker.stop()
  }

  #end(id: number): End {
    const end = { ice: newIceCredentials(), fingerprint: this.#fingerprint }
    this.#ends.set(id, end)
    return end
  }

  #next<Is extends FromLoad['is']>(is: Is, id: number): Promise<Message<Is>> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`client ${id}: no '${is}' in ${patienceMs} ms`)), patienceMs)
      this.#waiting.set(`${is} ${id}`, message => {
        clearTimeout(late)
        resolve(message as Message<Is>)
      })
    })
  }

  #hear(message: FromLoad): void {
    if (message.is === 'ended') {
      console.error(`client ${message.id} ended: ${message.why}`)
      return
    }
    const key = `${message.is} ${message.is === 'tally' ? 0 : message.id}`
    this.#waiting.get(key)?.(message)
    this.#waiting.delete(key)
  }
}
