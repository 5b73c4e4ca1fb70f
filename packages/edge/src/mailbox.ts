import { ClosedError, type ErrorRow, errorRow, RemoteError } from './errors.ts'

/** What crosses between two mailboxes: a call, or what came of one that was asked. Plain data. */
export type Letter =
  /** `id`: an answer is awaited. */
  | { readonly to: string; readonly call: string; readonly args: readonly unknown[]; readonly id?: number }
  | { readonly re: number; readonly value?: unknown }
  | { readonly re: number; readonly error: ErrorRow }

/** The way to the other mailbox. What arrives by it is given to {@link Mailbox.receive}, in order. */
export interface Carrier {
  /** Copies the letter, or drops it if the other end is gone. */
  post(letter: Letter): void
}

/** What an argument may be; `undefined` becomes `null` where letters are JSON, so it goes inside an object. */
type Argument = string | number | boolean | object | null

type Kind<Method> = Method extends (...args: infer Args) => infer Result
  ? Args extends Argument[]
    ? Result extends Promise<unknown>
      ? 'ask'
      : 'tell'
    : never
  : never

/** An interface that can be called from elsewhere: who is meant, and what they can be called with. */
export interface Port<Methods> {
  readonly to: string
  readonly calls: { readonly [Call in keyof Methods & string]: Kind<Methods[Call]> }
}

/** What stands behind a port. It may answer at once what its callers wait for. */
export type Served<Methods> = {
  [Call in keyof Methods]: Methods[Call] extends (...args: infer Args) => Promise<infer Value>
    ? (...args: Args) => Value | Promise<Value>
    : Methods[Call]
}

type Method = (...args: readonly unknown[]) => unknown

/** An object that is called, and its calls. */
interface Receiver {
  readonly calls: Readonly<Record<string, string>>
  readonly methods: Readonly<Record<string, Method>>
}

interface Asked {
  resolve(value: unknown): void
  reject(error: Error): void
}

/**
 * Calls between processes or threads. Both ends have one; what it serves, the other end can call by {@link remote}.
 * Owns no channel and no timer.
 *
 * @example
 * interface Greeter { greet(name: string): Promise<string>; forget(name: string): void }
 * const greeter: Port<Greeter> = { to: 'greeter', calls: { greet: 'ask', forget: 'tell' } }
 *
 * const here = new Mailbox({ post: letter => port1.postMessage(letter) })
 * port1.on('message', letter => here.receive(letter))
 * await remote(greeter, () => here).greet('Ann') // 'Hello, Ann', if the other end serves it
 */
export class Mailbox {
  readonly #carrier: Carrier
  readonly #receivers = new Map<string, Receiver>()
  readonly #asked = new Map<number, Asked>()
  #ids = 0
  #closed: ClosedError | undefined

  constructor(carrier: Carrier) {
    this.#carrier = carrier
  }

  /** From now on calls to this port are made to `methods`, and only those that the port lists. */
  serve<Methods extends object>({ to, calls }: Port<Methods>, methods: Served<Methods>): void {
    this.#receivers.set(to, { calls, methods: methods as Receiver['methods'] })
  }

  /**
   * Takes what has arrived. Throws for a call that nobody serves, and what a call throws whose caller awaits no answer;
   * an awaited one gets the error.
   */
  receive(letter: Letter): void {
    if ('re' in letter) this.#settle(letter)
    else if (letter.id === undefined) this.#perform(letter.to, letter.call, letter.args)
    else this.#answer(letter.id, () => this.#perform(letter.to, letter.call, letter.args))
  }

  tell(to: string, call: string, args: readonly unknown[]): void {
    if (!this.#closed) this.#carrier.post({ to, call, args })
  }

  /** Rejects with RemoteError, with what the other end threw; or with ClosedError. */
  ask(to: string, call: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#closed)
    const id = this.#ids++
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject })
      this.#carrier.post({ to, call, args, id })
    })
  }

  /** The other end is gone: whoever waits, or asks later, is told why. May be called twice. */
  close(why: string): void {
    this.#closed ??= new ClosedError(why)
    for (const { reject } of this.#asked.values()) reject(this.#closed)
    this.#asked.clear()
  }

  #perform(to: string, call: string, args: readonly unknown[]): unknown {
    const receiver = this.#receivers.get(to)
    if (!receiver) throw new RangeError(`nobody here is called “${to}”, who was to ${call}`)
    if (!Object.hasOwn(receiver.calls, call)) throw new RangeError(`“${to}” has no call “${call}”`)
    return receiver.methods[call]?.(...args)
  }

  #answer(id: number, perform: () => unknown): void {
    const succeed = (value: unknown) => this.#carrier.post({ re: id, value })
    const fail = (thrown: unknown) => this.#carrier.post({ re: id, error: errorRow(thrown) })
    try {
      const value = perform()
      // Not always awaited: a batched loop holds its thread, where no promise goes on.
      if (value instanceof Promise) value.then(succeed).catch(fail)
      else succeed(value)
    } catch (error) {
      fail(error)
    }
  }

  #settle(letter: Extract<Letter, { re: number }>): void {
    const asked = this.#asked.get(letter.re)
    this.#asked.delete(letter.re)
    if ('error' in letter) asked?.reject(new RemoteError(letter.error))
    else asked?.resolve(letter.value)
  }
}

/**
 * Whoever serves this port at the other end. While there is no mailbox, what is told is lost, and what is asked is refused
 * with ClosedError.
 */
export function remote<Methods>({ to, calls }: Port<Methods>, mailbox: () => Mailbox | undefined): Methods {
  const methods = Object.entries(calls).map(([call, kind]) => {
    const ask: Method = (...args) =>
      mailbox()?.ask(to, call, args) ?? Promise.reject(new ClosedError(`“${to}” is not there`))
    const tell: Method = (...args) => mailbox()?.tell(to, call, args)
    return [call, kind === 'ask' ? ask : tell] as const
  })
  return Object.fromEntries(methods) as Methods
}
