import type { Call, CallMedia, RequestInput } from '@parley/protocol'
import { EventSource } from '../emitter.ts'
import { CallEndedError } from '../error.ts'
import type { Signalling } from '../signalling/port.ts'
import type { CallHandle, CallHandleEvents, Room, Unsubscribe } from '../types.ts'

/** What a call needs of its session. */
export interface CallContext {
  readonly signalling: Signalling
  readonly identity: string
  /** This tab: an accepted call belongs to one tab on each side. */
  readonly session: () => string
  readonly join: (room: string) => Promise<Room>
}

type CallRequest = 'call.accept' | 'call.reject' | 'call.cancel' | 'call.hangup'

/** A call as this session sees it. The server decides; this follows. */
export class TrackedCall implements CallHandle {
  readonly #context: CallContext
  readonly #events = new EventSource<CallHandleEvents>()
  readonly direction: 'incoming' | 'outgoing'
  #call: Call
  #room: Promise<Room> | undefined

  constructor(call: Call, context: CallContext) {
    this.#context = context
    this.#call = call
    this.direction = call.caller.identity === context.identity ? 'outgoing' : 'incoming'
  }

  get call(): Call {
    return this.#call
  }

  get answeredElsewhere(): boolean {
    const { state } = this.#call
    if (state.status !== 'accepted') return false
    const tab = this.direction === 'incoming' ? state.calleeSession : state.callerSession
    return tab !== this.#context.session()
  }

  on<K extends keyof CallHandleEvents>(event: K, listener: (call: CallHandleEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  async accept(media: CallMedia = this.#call.media): Promise<Room> {
    const call = await this.#ask('call.accept', { call: this.#call.id, media })
    return this.#enter(call)
  }

  async joined(): Promise<Room> {
    if (this.#call.state.status === 'ringing') await this.#answered()
    return this.#enter(this.#call)
  }

  async reject(message?: string): Promise<void> {
    await this.#ask('call.reject', { call: this.#call.id, ...(message !== undefined && { message }) })
  }

  async cancel(): Promise<void> {
    await this.#ask('call.cancel', { call: this.#call.id })
  }

  async hangUp(): Promise<void> {
    await this.#ask('call.hangup', { call: this.#call.id })
  }

  /** The server's newest picture. What is over stays over. */
  update(call: Call): void {
    const before = this.#call.state.status
    if (before === 'ended' || JSON.stringify(call) === JSON.stringify(this.#call)) return
    this.#call = call
    this.#events.emit('changed', call)
    const { status } = call.state
    if (status === 'accepted' && before === 'ringing' && !this.answeredElsewhere) this.#events.emit('accepted', call)
    if (status === 'ended') this.#end(call)
  }

  async #ask<K extends CallRequest>(name: K, input: RequestInput<K>): Promise<Call> {
    const onValue = (call: Call) => this.update(call)
    return this.#context.signalling.request<CallRequest>(name, input, { onValue })
  }

  /** Settles when the call no longer rings. */
  #answered(): Promise<void> {
    return new Promise(resolve => {
      const stop = this.#events.on('changed', ({ state }) => {
        if (state.status === 'ringing') return
        stop()
        resolve()
      })
    })
  }

  /** The call's room, joined once. */
  #enter(call: Call): Promise<Room> {
    const { state } = call
    if (state.status !== 'accepted') return Promise.reject(new CallEndedError(call))
    if (this.answeredElsewhere) {
      return Promise.reject(new CallEndedError(call, 'The call was answered on another device or in another tab.'))
    }
    this.#room ??= this.#context.join(state.room).then(room => this.#inside(room))
    return this.#room
  }

  #inside(room: Room): Room {
    // Whoever leaves the room of a call has hung up; the other one must not sit there alone.
    room.on('ended', ({ reason }) => {
      if (reason === 'left' && this.#call.state.status === 'accepted') this.hangUp().catch(alreadyOver)
    })
    if (this.#call.state.status === 'ended') void room.leave()
    return room
  }

  #end(call: Call): void {
    this.#events.emit('ended', call)
    this.#room?.then(room => room.leave()).catch(alreadyOver)
  }
}

/** The call, the room or the session went first: nothing is left to end. */
function alreadyOver(): void {}
