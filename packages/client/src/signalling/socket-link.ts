import type { EventPayload, Reply } from '@parley/protocol'
import { io, type Socket } from 'socket.io-client'
import type { Clock } from '../clock.ts'
import type { Link, LinkDown, OpenLink } from './ports.ts'

/** How long to wait for a WebSocket, ms: some proxies never answer the upgrade. */
const webSocketMs = 5_000

type Transport = 'websocket' | 'polling'

/** The transport that links to an address begin with, as the last one there found out. */
const firstTo = new Map<string, Transport>()

/**
 * Links over Socket.IO: a WebSocket first, and long polling if that is refused or not answered. Once that has happened, later
 * links to the same address begin with polling, and switch as soon as a WebSocket opens. A link never reconnects by itself.
 * @param url The address of a Parley; a path in it is kept as a prefix, for servers behind a proxy.
 */
export function socketLinks(url: URL, clock: Clock): OpenLink {
  const { href, pathname: path } = under(url, '/socket.io')

  return (auth, events): Link => {
    let over = false
    let stopWaiting = () => {}
    let socket = open(firstTo.get(href) ?? 'websocket')

    function open(transport: Transport): Socket {
      const next = io(url.origin, {
        path,
        auth,
        transports: transport === 'websocket' ? ['websocket', 'polling'] : ['polling', 'websocket'],
        tryAllTransports: true,
        forceNew: true,
        reconnection: false,
      })
      if (transport === 'websocket') stopWaiting = clock.after(webSocketMs, pollInstead)
      next.on('connect', () => connected(next))
      next.on('connect_error', (error: Error & { data?: unknown }) => {
        if (next === socket) down(isWireError(error.data) ? { refused: error.data } : { broken: error })
      })
      next.on('disconnect', reason => next === socket && down({ broken: new Error(reason) }))
      next.onAny((name: string, payload: unknown, place: unknown) => {
        if (over || next !== socket) return
        if (name === 'welcome') events.welcome(payload as EventPayload<'welcome'>)
        else events.event(name, payload, typeof place === 'number' ? place : undefined)
      })
      return next
    }

    function pollInstead(): void {
      const silent = socket
      socket = open('polling')
      silent.io.engine.close()
    }

    /** Reports polling only after a WebSocket has had the time to replace it. */
    function connected({ io: { engine } }: Socket): void {
      stopWaiting()
      const settle = (transport: Transport) => {
        firstTo.set(href, transport)
        if (!over) events.polling(transport === 'polling')
      }
      const now = engine.transport.name === 'websocket' ? 'websocket' : 'polling'
      firstTo.set(href, now)
      if (now === 'websocket') return
      engine.on('upgrade', () => {
        stopWaiting()
        settle('websocket')
      })
      stopWaiting = clock.after(webSocketMs, () => settle('polling'))
    }

    function end(): void {
      over = true
      stopWaiting()
    }

    function down(why: LinkDown): void {
      if (over) return
      end()
      events.down(why)
    }

    return {
      send(name, input, answer) {
        if (!over) socket.emit(name, input, (reply: Reply) => answer(reply))
      },
      leave() {
        end()
        socket.disconnect()
      },
      drop() {
        end()
        socket.io.engine?.close()
      },
    }
  }
}

/** An address below that of a server, which may itself have a path, if the server is behind a proxy. */
export function under({ origin, pathname }: URL, path: string): URL {
  return new URL(pathname.replace(/\/+$/, '') + path, origin)
}

function isWireError(data: unknown): data is Extract<LinkDown, { refused: unknown }>['refused'] {
  return typeof data === 'object' && data !== null && 'code' in data && 'message' in data && 'remedy' in data
}
