import { askClockOff } from '@parley/ui/page'
import { runWithin } from '../report/run.ts'

/** What a page learns about its server besides signalling. */
export interface ServerLook {
  /** `host:port` that served this page over TLS; undefined if the server does not answer. */
  readonly door: string | undefined
  /** The server's clock minus this computer's, ms, accurate to a second; undefined if not known. */
  readonly clockOffMs: number | undefined
  readonly webSocket: 'open' | 'refused' | 'unanswered'
}

const lookLimitMs = 4000

/** Asks the server for the time, and checks whether WebSockets get through. Takes a few seconds at most. */
export async function lookAtServer(signal: AbortSignal): Promise<ServerLook> {
  const [clockOffMs, webSocket] = await Promise.all([askClock(signal), askWebSocket(signal)])
  const { protocol, hostname, port } = location
  const reached = protocol === 'https:' && (clockOffMs !== undefined || webSocket === 'open')
  return { door: reached ? `${hostname}:${port || 443}` : undefined, clockOffMs, webSocket }
}

async function askClock(signal: AbortSignal): Promise<number | undefined> {
  const outcome = await runWithin(askClockOff, { timeLimitMs: lookLimitMs, signal })
  return outcome.status === 'done' ? outcome.value : undefined
}

/** Opens a WebSocket to signalling and closes it at once. If it opens, no proxy or firewall on the way blocks it. */
function askWebSocket(signal: AbortSignal): Promise<ServerLook['webSocket']> {
  return new Promise(resolve => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    const end = (how: ServerLook['webSocket']) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.onopen = null
      socket.onerror = null
      socket.close()
      resolve(how)
    }
    const abort = () => end('unanswered')
    const timer = setTimeout(abort, lookLimitMs)
    socket.onopen = () => end('open')
    socket.onerror = () => end('refused')
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
  })
}
