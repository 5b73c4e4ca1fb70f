// The edge process: STUN, TURN and the SFU beside the main process, which starts it, directs it over IPC and survives it.
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, systemCode } from '../failure.ts'
import type { FromEdge, ToEdge } from './control.ts'
import { type StunTurn, startStunTurn } from './stun-turn.ts'

let running: StunTurn | undefined
let handover: string | undefined
let leaving = false

function tell(message: FromEdge): void {
  if (process.connected) process.send?.(message)
}

function mistake(error: unknown): void {
  tell({ is: 'mistake', message: messageOf(error), stack: error instanceof Error ? error.stack : undefined })
}

function leave(code: number): void {
  leaving = true
  process.exitCode = code
  if (process.connected) process.disconnect()
}

/** Where the local socket lies is the main process's to remove, if it can. */
function removeHandover(): void {
  if (handover !== undefined && process.platform !== 'win32')
    rmSync(dirname(handover), { recursive: true, force: true })
}

const handlers: { readonly [K in ToEdge['is']]: (message: ToEdge & { is: K }) => Promise<void> } = {
  async start({ config }) {
    handover = config.handover
    if (handover !== undefined && process.platform !== 'win32') rmSync(handover, { force: true })
    try {
      running = await startStunTurn(config, {
        mistake,
        sfu: message => tell({ is: 'sfu', message }),
        lost(reason) {
          // Before it runs the start itself fails, and says why.
          if (!running) return
          mistake(reason)
          leave(1)
        },
      })
      tell({ is: 'started', port: running.port, loop: running.loop, sfu: running.sfu })
    } catch (error) {
      tell({ is: 'failed', code: systemCode(error), message: messageOf(error) })
    }
  },
  async count({ id }) {
    if (running) tell({ is: 'counted', id, ...(await running.counters()) })
  },
  async addresses(addresses) {
    running?.setAddresses(addresses)
  },
  async revoke(revocation) {
    running?.revoke(revocation)
  },
  async sfu({ message }) {
    running?.handleSfu(message)
  },
  async stop() {
    await running?.close()
    leave(0)
  },
}

// A terminal's Ctrl+C reaches this process too, but it is the main process that says when to stop.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('message', (message: ToEdge) => {
  handlers[message.is](message as never).catch(mistake)
})
// Told to stop, or nobody is there any more to say so.
process.on('disconnect', () => {
  if (!leaving) removeHandover()
  process.exit()
})
