import { create } from 'zustand'
import { describeError, runWithin } from '../report/run.ts'
import { LoopbackCall } from './call.ts'
import type { EntryKind, LogEntry, Side } from './log.ts'
import type { LoopbackOptions } from './options.ts'
import type { PeerSide, PeerStates } from './peer.ts'
import type { Moments } from './setup.ts'
import { openSource, type Source } from './source.ts'

/** `ready`: there is media to send. `failed` says at which step and why; hanging up leads back to `ready`. */
export type Phase =
  | { readonly phase: 'idle' | 'starting' | 'ready' | 'calling' | 'connected' }
  | { readonly phase: 'failed'; readonly step: 'media' | 'negotiation' | 'connection' | 'time'; readonly error: string }

export interface LoopbackState {
  readonly phase: Phase
  /** When the log began, ms since 1970. */
  readonly startedAt: number
  readonly log: readonly LogEntry[]
  readonly moments: Moments
  readonly states: Partial<Readonly<Record<PeerSide, PeerStates>>>
  readonly local: MediaStream | undefined
  /** One stream per received track. */
  readonly remote: readonly MediaStream[]
  readonly replaced: Source['replaced']
  /** The latest pair of descriptions. */
  readonly offer: string | undefined
  readonly answer: string | undefined
}

const nothing: LoopbackState = {
  phase: { phase: 'idle' },
  startedAt: 0,
  log: [],
  moments: {},
  states: {},
  local: undefined,
  remote: [],
  replaced: {},
  offer: undefined,
  answer: undefined,
}

/** The Lab's single loopback call. It outlives its page, so that Statistics and SDP can look at it. */
export const useLoopback = create<LoopbackState>()(() => nothing)

const { getState, setState } = useLoopback
const maxLog = 2000
const connectLimitMs = 15_000

let source: Source | undefined
let call: LoopbackCall | undefined
let entries = 0

const now = () => performance.timeOrigin + performance.now()

let waiting: LogEntry[] = []
let flush: ReturnType<typeof setTimeout> | undefined
const flushMs = 60

/** Log lines are shown in batches: rendering each one immediately would slow down what is being measured. */
function log(side: Side, kind: EntryKind, text: string, detail?: string): void {
  const atMs = now() - getState().startedAt
  waiting.push({ id: entries++, atMs, side, kind, text, ...(detail ? { detail } : {}) })
  flush ??= setTimeout(showLog, flushMs)
}

function showLog(): void {
  clearTimeout(flush)
  flush = undefined
  const added = waiting
  waiting = []
  if (added.length > 0) setState(({ log: before }) => ({ log: [...before, ...added].slice(-maxLog) }))
}

/** Records when something first happened. */
function moment(name: keyof Moments): void {
  if (getState().moments[name] === undefined) setState(({ moments }) => ({ moments: { ...moments, [name]: now() } }))
}

/** The open connections of both ends, for the Statistics page. */
export function loopbackConnections(): Readonly<Partial<Record<PeerSide, RTCPeerConnection>>> {
  return call && !call.closed ? { caller: call.caller.connection, callee: call.callee.connection } : {}
}

/** Step 1: opens camera and microphone, or their stand-ins. */
export async function start(options: LoopbackOptions): Promise<void> {
  if (getState().phase.phase !== 'idle') return
  setState({ ...nothing, phase: { phase: 'starting' }, startedAt: now() })
  moment('mediaAsked')
  try {
    const opened = await openSource(options, (kind, text) => log('page', kind, text))
    if (getState().phase.phase !== 'starting') return opened.close()
    source = opened
    moment('mediaGot')
    setState({
      phase: { phase: 'ready' },
      local: new MediaStream([...opened.audio, ...opened.video]),
      replaced: opened.replaced,
    })
  } catch (error) {
    log('page', 'error', describeError(error))
    setState({ phase: { phase: 'failed', step: 'media', error: describeError(error) } })
  }
}

/** Step 2: connects the two ends. Resolves when the call has connected or failed, at the latest at the time limit. */
export async function placeCall(options: LoopbackOptions, edit?: (offer: string) => string): Promise<void> {
  if (!source || getState().phase.phase !== 'ready') return
  const { mediaAsked, mediaGot } = getState().moments
  setState({
    phase: { phase: 'calling' },
    moments: { ...(mediaAsked && { mediaAsked }), ...(mediaGot && { mediaGot }) },
    remote: [],
  })
  const made = new LoopbackCall(source, options, {
    log,
    changed: (side, states) => changed(made, side, states),
    track: (track, stream) => {
      setState(({ remote }) => ({ remote: [...remote, stream] }))
      track.onmute = () => log('callee', 'event', `${track.kind} track muted`)
      track.onunmute = () => log('callee', 'event', `${track.kind} track unmuted`)
    },
    moment,
    described: (offer, answer) => setState({ offer, answer }),
  })
  call = made
  setState({ states: made.states })
  const outcome = await runWithin(() => made.negotiate(options, edit), { timeLimitMs: connectLimitMs })
  if (call !== made) return
  if (outcome.status === 'failed') return fail('negotiation', outcome.error)
  const connected = await runWithin(signal => settled(signal), { timeLimitMs: connectLimitMs })
  if (call === made && connected.status === 'timed-out') fail('time', '')
}

function changed(made: LoopbackCall, side: PeerSide, states: PeerStates): void {
  setState(({ states: before }) => ({ states: { ...before, [side]: states } }))
  if (side !== 'caller') return
  if (states.ice === 'checking') moment('iceChecking')
  if (states.ice === 'connected' || states.ice === 'completed') moment('iceConnected')
  if (states.dtls === 'connecting') moment('dtlsConnecting')
  if (states.dtls === 'connected') moment('dtlsConnected')
  if (call !== made) return
  const { phase } = getState().phase
  if (states.connection === 'connected' && phase !== 'connected') setState({ phase: { phase: 'connected' } })
  if (states.connection === 'failed') fail('connection', states.dtls === 'failed' ? 'DTLS' : 'ICE')
}

/** Resolves once the call is no longer being set up. */
function settled(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (getState().phase.phase === 'calling') return
      stop()
      resolve()
    }
    const stop = useLoopback.subscribe(look)
    signal.addEventListener('abort', stop)
    look()
  })
}

function fail(step: Extract<Phase, { phase: 'failed' }>['step'], error: string): void {
  call?.close()
  showLog()
  setState({ phase: { phase: 'failed', step, error } })
}

/** Makes a new offer and answer on the running call, with or without new ICE credentials. */
export async function renegotiate(options: LoopbackOptions): Promise<void> {
  const running = call
  if (!running || running.closed) return
  const outcome = await runWithin(() => running.negotiate(options), { timeLimitMs: connectLimitMs })
  if (call === running && outcome.status === 'failed') fail('negotiation', outcome.error)
}

/** Step 3: closes both ends. Media stays on, so that the call can be placed again. */
export function hangUp(): void {
  call?.close()
  call = undefined
  setState({ phase: { phase: source ? 'ready' : 'idle' }, remote: [] })
}

/** Step 4: releases everything. The log stays until the next start. */
export function stop(): void {
  call?.close()
  call = undefined
  source?.close()
  source = undefined
  if (getState().phase.phase !== 'idle') log('page', 'event', 'stopped')
  setState({ phase: { phase: 'idle' }, local: undefined, remote: [] })
}

/** Hangs up any running call, starts media if needed, and calls: the steps of the page in one. */
export async function freshCall(options: LoopbackOptions, edit?: (offer: string) => string): Promise<void> {
  hangUp()
  if (getState().phase.phase === 'idle') await start(options)
  await placeCall(options, edit)
}

/** To be called when the first video frame is on the screen. */
export function firstFrame(): void {
  if (call) moment('firstFrame')
}

export function clearLog(): void {
  showLog()
  setState({ log: [] })
}
