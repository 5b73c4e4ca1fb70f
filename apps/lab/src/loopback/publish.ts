import { publishCall } from '@parley/diagnostics'
import { loopbackConnections, useLoopback } from './store.ts'

let stop: (() => void) | undefined

const running = () => ['calling', 'connected'].includes(useLoopback.getState().phase.phase)

/** Lets the Statistics and SDP pages see the loopback call while there is one. Call this once. */
export function publishLoopback(): void {
  useLoopback.subscribe(() => {
    if (running() && !stop) {
      stop = publishCall({ kind: 'loopback', title: '' }, () =>
        Object.entries(loopbackConnections()).map(([side, connection]) => ({ id: side, label: side, connection })),
      )
    } else if (!running() && stop) {
      stop()
      stop = undefined
    }
  })
}
