import type { CallSample, TimelineEvent } from '@parley/diagnostics'
import { type CallInfo, channelName, type Message, readMessage, silentMs, watchEveryMs } from '@parley/diagnostics'
import { create } from 'zustand'

interface LiveState {
  /** The calls currently running in this browser. */
  readonly calls: readonly CallInfo[]
  /** The latest sample of each watched call. */
  readonly newest: Readonly<Record<string, CallSample>>
  /** What has happened in each watched call. */
  readonly happened: Readonly<Record<string, readonly TimelineEvent[]>>
}

export const useLiveCalls = create<LiveState>()(() => ({ calls: [], newest: {}, happened: {} }))

let channel: BroadcastChannel | undefined
let users = 0
let timer: ReturnType<typeof setInterval> | undefined
const watched = new Map<string, number>()
const heardAt = new Map<string, number>()

const send = (message: Message) => channel?.postMessage(message)

/** Keeps {@link useLiveCalls} up to date until the returned function is called. */
export function followCalls(): () => void {
  users++
  if (users === 1) open()
  return once(() => {
    users--
    if (users === 0) close()
  })
}

/** Asks a call to measure itself once a second until the returned function is called. Needs {@link followCalls}. */
export function watchCall(call: string): () => void {
  watched.set(call, (watched.get(call) ?? 0) + 1)
  send({ type: 'watch', call })
  return once(() => {
    const left = (watched.get(call) ?? 1) - 1
    if (left > 0) watched.set(call, left)
    else watched.delete(call)
  })
}

function open(): void {
  if (typeof BroadcastChannel === 'undefined') return
  channel = new BroadcastChannel(channelName)
  channel.onmessage = ({ data }) => {
    const message = readMessage(data)
    if (message) receive(message)
  }
  send({ type: 'who' })
  timer = setInterval(() => {
    send({ type: 'who' })
    for (const call of watched.keys()) send({ type: 'watch', call })
    forgetSilent()
  }, watchEveryMs)
}

function close(): void {
  clearInterval(timer)
  channel?.close()
  channel = undefined
  heardAt.clear()
  useLiveCalls.setState({ calls: [], newest: {}, happened: {} })
}

function forgetSilent(): void {
  const { calls } = useLiveCalls.getState()
  const here = calls.filter(({ call }) => Date.now() - (heardAt.get(call) ?? 0) < silentMs)
  if (here.length < calls.length) useLiveCalls.setState({ calls: here })
}

function receive(message: Message): void {
  if ('call' in message) heardAt.set(message.call, Date.now())
  const { calls, newest, happened } = useLiveCalls.getState()
  if (message.type === 'gone') useLiveCalls.setState({ calls: calls.filter(({ call }) => call !== message.call) })
  if (message.type === 'sample') useLiveCalls.setState({ newest: { ...newest, [message.call]: message.sample } })
  if (message.type === 'timeline') useLiveCalls.setState({ happened: { ...happened, [message.call]: message.events } })
  if (message.type === 'here' && !calls.some(({ call }) => call === message.call)) {
    const { type: _type, ...info } = message
    useLiveCalls.setState({ calls: [...calls, info] })
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}
