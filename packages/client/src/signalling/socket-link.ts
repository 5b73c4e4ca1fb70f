import type { EventPayload, Reply } from '@parley/protocol'
import { io } from 'socket.io-client'
import type { Link, LinkDown, OpenLink } from './link.ts'

/**
 * Links over Socket.IO: WebSocket first, long polling where that is blocked. Reconnecting is not its business.
 * @param url The address of a Parley; a path in it is kept as a prefix, for servers behind a proxy.
 */
export function socketLinks(url: URL): OpenLink {
  const path = under(url, '/socket.io').pathname
  return (auth, events): Link => {
    const socket = io(url.origin, {
      path,
      auth: { ...auth, clock: Date.now() },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      reconnection: false,
    })
    let over = false
    const down = (why: LinkDown) => {
      if (over) return
      over = true
      events.down(why)
    }
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      down(isWireError(error.data) ? { refused: error.data } : { broken: error })
    })
    socket.on('disconnect', reason => down({ broken: new Error(reason) }))
    socket.onAny((name: string, payload: unknown, place: unknown) => {
      if (over) return
      if (name === 'welcome') events.welcome(payload as EventPayload<'welcome'>)
      else events.event(name, payload, typeof place === 'number' ? place : undefined)
    })
    return {
      send(name, input, answer) {
        if (!over) socket.emit(name, input, (reply: Reply) => answer(reply))
      },
      leave() {
        over = true
        socket.disconnect()
      },
      drop() {
        over = true
        socket.io.engine?.close()
      },
    }
  }
}

/** An address of a Parley whose own may have a path: a prefix, for servers behind a proxy. */
export function under({ origin, pathname }: URL, path: string): URL {
  return new URL(pathname.replace(/\/+$/, '') + path, origin)
}

function isWireError(data: unknown): data is Extract<LinkDown, { refused: unknown }>['refused'] {
  return typeof data === 'object' && data !== null && 'code' in data && 'message' in data && 'remedy' in data
}
