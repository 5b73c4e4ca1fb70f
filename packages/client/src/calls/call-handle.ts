import type { Call, CallMedia, CallOutcome, CallState, RequestInput } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { EventSource } from '../emitter.ts'
import { CallEndedError, ParleyError } from '../error.ts'
import type { Signalling } from '../signalling/ports.ts'
import type { CallHandle, CallHandleEvents, Room, RoomEvents, SessionState, Unsubscribe } from '../types.ts'

/** What a call needs from its session. */
export interface CallContext {
  readonly signalling: Signalling
  readonly identity: () => string
  /** The id of this tab's session: an accepted call belongs to one tab on each side. */
  readonly session: () => string
  readonly join: (room: string) => Promise<Room>
  /** Throws {@link ParleyError} `media-unsupported` without WebRTC, so that nobody rings or answers in vain. */
  readonly checkMedia: () => void
  readonly status: () => SessionState['status']
  readonly serverNow: () => number
  readonly clock: Clock
}

const stages: Record<CallState['status'], number> = { ringing: 0, accepted: 1, ended: 2 }

/** How much longer than the server we let a call ring, ms. If the server is gone, nobody else ends it. */
const ringGraceMs = 5_000

/** How a call has ended that the server has forgotten, by how its room ended. */
const roomOutcomes: Record<RoomEvents['ended']['reason'], CallOutcome> = {
  left: 'hung-up',
  removed: 'peer-lost',
  closed: 'peer-lost',
  'session-closed': 'session-closed',
}

/** The requests that end a call from this side, and the outcome of each. */
const endings = { 'call.reject': 'rejected', 'call.cancel': 'cancelled', 'call.hangup': 'hung-up' } as const

type Ending = keyof typeof endings
type CallRequest = 'call.accept' | 'call.reject' | 'call.cancel' | 'call.hangup'

/** A call as this session sees it. The server decides, and this follows. */
export class TrackedCall implements CallHandle {
  readonly #context: CallContext
  readonly #events = new EventSource<CallHandleEvents>()
  readonly direction: 'incoming' | 'outgoing'
  #call: Call
  #joining: Promise<Room> | undefined
  #room: Room | undefined
  /** The server has forgotten this call, while its two people go on talking in its room. */
  #orphaned = false
  #stopRinging: Unsubscribe = () => {}

  constructor(call: Call, context: CallContext) {
    this.#context = context
    this.#call = call
    this.direction = call.caller.identity === context.identity() ? 'outgoing' : 'incoming'
    if (call.state.status !== 'ringing') return
    const { clock, serverNow } = context
    const delay = Math.max(0, call.state.until - serverNow()) + ringGraceMs
    this.#stopRinging = clock.after(delay, () => this.#conclude('no-answer'))
  }

  get call(): Call {
    return this.#call
  }

  get answeredElsewhere(): boolean {
    const { state } = this.#call
    if (state.status !== 'accepted' || this.#room) return false
    const tab = this.direction === 'incoming' ? state.calleeSession : state.callerSession
    return tab !== this.#context.session()
  }

  on<K extends keyof CallHandleEvents>(event: K, listener: (call: CallHandleEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  async accept(media: CallMedia = this.#call.media): Promise<Room> {
    this.#context.checkMedia()
    const call = await this.#ask('call.accept', { call: this.#call.id, media })
    return this.#enter(call)
  }

  async joined(): Promise<Room> {
    if (this.#call.state.status === 'ringing') await this.#answered()
    return this.#enter(this.#call)
  }

  async reject(message?: string): Promise<void> {
    await this.#finish('call.reject', { call: this.#call.id, ...(message !== undefined && { message }) })
  }

  async cancel(): Promise<void> {
    await this.#finish('call.cancel', { call: this.#call.id })
  }

  async hangUp(): Promise<void> {
    if (this.#orphaned) this.#conclude('hung-up')
    else await this.#finish('call.hangup', { call: this.#call.id })
  }

  /** Takes the server's view. A call never goes back: missed events are replayed after a welcome that is already newer. */
  update(call: Call): void {
    const before = this.#call.state.status
    if (before === 'ended' || stages[call.state.status] < stages[before]) return
    if (JSON.stringify(call) === JSON.stringify(this.#call)) return
    this.#call = call
    if (call.state.status !== 'ringing') this.#stopRinging()
    this.#events.emit('changed', call)
    const { status } = call.state
    if (status === 'accepted' && before === 'ringing' && !this.answeredElsewhere) this.#events.emit('accepted', call)
    if (status === 'ended') this.#end(call)
  }

  /** The server has restarted and forgotten the call: it is over, unless its two people are still in its room. */
  forgotten(): void {
    const room = this.#room
    if (!room || room.state.status.status === 'ended') {
      this.#conclude('peer-lost')
      return
    }
    if (this.#orphaned) return
    this.#orphaned = true
    room.on('left', ({ reason }) => this.#conclude(reason === 'lost' ? 'peer-lost' : 'hung-up'))
    room.on('ended', ({ reason }) => this.#conclude(roomOutcomes[reason]))
  }

  /** The session is over, so that the call cannot be followed any more. */
  close(): void {
    this.#conclude('session-closed')
  }

  /** Ends the call without the server. */
  #conclude(outcome: CallOutcome): void {
    const { state } = this.#call
    const at = this.#context.serverNow()
    const durationMs = state.status === 'accepted' ? Math.max(0, at - state.since) : undefined
    const ended: CallState = { status: 'ended', outcome, at, ...(durationMs !== undefined && { durationMs }) }
    this.update({ ...this.#call, state: ended })
  }

  async #ask<K extends CallRequest>(name: K, input: RequestInput<K>): Promise<Call> {
    const onValue = (call: Call) => this.update(call)
    return this.#context.signalling.request<CallRequest>(name, input, { onValue })
  }

  /** Ends the call, if it is not over yet. Without a connection it ends here at once, and the server is told later. */
  async #finish<K extends Ending>(name: K, input: RequestInput<K>): Promise<void> {
    if (this.#call.state.status === 'ended') return
    const status = this.#context.status()
    if (status === 'closed') return this.close()
    const told = this.#ask(name, input)
    if (status === 'connected') return void (await told)
    this.#conclude(endings[name])
    void told.catch(async error => {
      // It was accepted before the server was told, and nobody is here to talk.
      if (isCallState(error)) await this.#ask('call.hangup', { call: this.#call.id }).catch(alreadyOver)
    })
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
    this.#joining ??= this.#join(state.room)
    return this.#joining
  }

  async #join(name: string): Promise<Room> {
    const room = await this.#context.join(name).catch(error => {
      this.#joining = undefined
      throw error
    })
    this.#room = room
    // Leaving the room of a call hangs up, so that the other person is not left there alone.
    room.on('ended', ({ reason }) => {
      if (reason === 'left' && this.#call.state.status === 'accepted') this.hangUp().catch(alreadyOver)
    })
    if (this.#call.state.status === 'ended') void room.leave()
    return room
  }

  #end(call: Call): void {
    this.#events.emit('ended', call)
    this.#room?.leave().catch(alreadyOver)
  }
}

const isCallState = (error: unknown) => error instanceof ParleyError && error.code === 'call-state'

/** The call, the room or the session has ended already, so that nothing is left to end. */
function alreadyOver(): void {}
