import type { Call, CallMedia } from '@parley/protocol'
import { randomId } from '../random-id.ts'
import type { CallHandle, Unsubscribe } from '../types.ts'
import { type CallContext, TrackedCall } from './call-handle.ts'

export interface CallBookOptions extends CallContext {
  /** A call for this person has begun to ring. */
  readonly incoming: (call: CallHandle) => void
}

/** The ringing and accepted calls of this person. */
export class CallBook {
  readonly #options: CallBookOptions
  readonly #calls = new Map<string, TrackedCall>()
  /** Calls that ended here before the server knew; it may still report them as ringing. */
  readonly #over = new Set<string>()
  readonly #stopListening: Unsubscribe

  constructor(options: CallBookOptions) {
    this.#options = options
    this.#stopListening = options.signalling.on('call', call => this.#update(call))
  }

  get calls(): ReadonlyMap<string, CallHandle> {
    return this.#calls
  }

  /** @throws {ParleyError} `not-online`, `call-self`, `call-in-progress`, `media-unsupported`. */
  async invite(to: string, media: CallMedia): Promise<CallHandle> {
    this.#options.checkMedia()
    const invitation = { call: randomId(), to, media }
    const { signalling } = this.#options
    // Inside onValue, so that the call is known before the next event about it. It may be the other person's call to us.
    return new Promise((resolve, reject) => {
      signalling.request('call.invite', invitation, { onValue: call => resolve(this.#update(call)) }).catch(reject)
    })
  }

  /** @param complete Whether these are all calls, so that the server has forgotten any that is missing. */
  welcome(calls: readonly Call[], complete: boolean): void {
    for (const call of calls) this.#update(call)
    if (!complete) return
    const known = new Set(calls.map(({ id }) => id))
    for (const call of [...this.#calls.values()]) if (!known.has(call.call.id)) call.forgotten()
  }

  /** The session is over, and all its calls with it. */
  close(): void {
    this.#stopListening()
    for (const call of [...this.#calls.values()]) call.close()
  }

  #update(call: Call): TrackedCall {
    const known = this.#calls.get(call.id)
    known?.update(call)
    return known ?? this.#add(call)
  }

  #add(call: Call): TrackedCall {
    const handle = new TrackedCall(call, this.#options)
    const { status } = call.state
    if (status === 'ended' || this.#over.has(call.id)) return handle
    this.#calls.set(call.id, handle)
    handle.on('ended', () => {
      this.#calls.delete(call.id)
      this.#over.add(call.id)
    })
    if (handle.direction === 'incoming' && status === 'ringing') this.#options.incoming(handle)
    return handle
  }
}
