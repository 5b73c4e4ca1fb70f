import type { Call, CallMedia } from '@parley/protocol'
import { randomId } from '../random-id.ts'
import type { CallHandle, Unsubscribe } from '../types.ts'
import { type CallContext, TrackedCall } from './call-handle.ts'

export interface CallBookOptions extends CallContext {
  /** A call for this person began to ring. */
  readonly incoming: (call: CallHandle) => void
  readonly serverNow: () => number
}

/** The calls of this person that ring or are accepted. */
export class CallBook {
  readonly #options: CallBookOptions
  readonly #calls = new Map<string, TrackedCall>()
  readonly #stopListening: Unsubscribe

  constructor(options: CallBookOptions) {
    this.#options = options
    this.#stopListening = options.signalling.on('call', call => this.#update(call))
  }

  get calls(): ReadonlyMap<string, CallHandle> {
    return this.#calls
  }

  /** @throws {ParleyError} `not-online`, `call-self`, `call-in-progress`. */
  invite(to: string, media: CallMedia): Promise<CallHandle> {
    const invitation = { call: randomId(), to, media }
    const { signalling } = this.#options
    // Inside onValue, so that the call is known before the next event about it; it may be the other's call to us.
    return new Promise((resolve, reject) => {
      signalling.request('call.invite', invitation, { onValue: call => resolve(this.#update(call)) }).catch(reject)
    })
  }

  /** @param complete These are all: what is missing ended while nobody could tell us. */
  welcome(calls: readonly Call[], complete: boolean): void {
    for (const call of calls) this.#update(call)
    if (!complete) return
    const alive = new Set(calls.map(({ id }) => id))
    const at = this.#options.serverNow()
    for (const { call } of [...this.#calls.values()]) {
      if (!alive.has(call.id)) this.#update({ ...call, state: { status: 'ended', outcome: 'peer-lost', at } })
    }
  }

  close(): void {
    this.#stopListening()
    this.#calls.clear()
  }

  #update(call: Call): TrackedCall {
    const known = this.#calls.get(call.id)
    const handle = known ?? new TrackedCall(call, this.#options)
    if (call.state.status === 'ended') this.#calls.delete(call.id)
    else this.#calls.set(call.id, handle)
    known?.update(call)
    if (!known && handle.direction === 'incoming' && call.state.status === 'ringing') this.#options.incoming(handle)
    return handle
  }
}
