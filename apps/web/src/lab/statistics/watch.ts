import { create } from 'zustand'
import { type CallInfo, channelName, type Message, readMessage, watchEveryMs } from './channel.ts'
import type { CallSample } from './sample.ts'

interface LiveState {
  /** Calls of this browser that run now. */
  readonly calls: readonly CallInfo[]
  /** The newest sample of each watched call. */
  readonly newest: Readonly<Record<string, CallSample>>
}

export const useLiveCalls = create<LiveState>()(() => ({ calls: [], newest: {} }))

let channel: BroadcastChannel | undefined
let users = 0
let timer: ReturnType<typeof setInterval> | undefined
const watched = new Map<string, number>()

const send = (message: Message) => channel?.postMessage(message)

/** Keeps {@link useLiveCalls} up to date while somebody needs it; the function returned lets go. */
export function followCalls(): () => void {
  users++
  if (users === 1) open()
  return once(() => {
    users--
    if (users === 0) close()
  })
}

/** Asks a call to measure itself, once a second, until the function returned is called. Needs {@link followCalls}. */
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
    for (const call of watched.keys()) send({ type: 'watch', call })
  }, watchEveryMs)
}

function close(): void {
  clearInterval(timer)
  channel?.close()
  channel = undefined
  useLiveCalls.setState({ calls: [], newest: {} })
}

function receive(message: Message): void {
  useLiveCalls.setState(({ calls, newest }) => {
    const others = calls.filter(({ call }) => 'call' in message && call !== message.call)
    if (message.type === 'here') {
      const { type: _type, ...info } = message
      return { calls: [...others, info], newest }
    }
    if (message.type === 'gone') return { calls: others, newest }
    if (message.type === 'sample') return { calls, newest: { ...newest, [message.call]: message.sample } }
    return { calls, newest }
  })
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}
