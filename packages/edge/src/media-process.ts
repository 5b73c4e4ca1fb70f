// The media process: STUN, TURN and the SFU beside the main process, which starts it, directs it over IPC and survives it.
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorRow } from './errors.ts'
import { type Letter, Mailbox, remote } from './mailbox.ts'
import { type MediaServer, startMediaServer } from './media-server.ts'
import * as ports from './ports.ts'

const mailbox = new Mailbox({
  post(letter) {
    if (process.connected) process.send?.(letter)
  },
})
const supervisor = remote(ports.supervisorPort, () => mailbox)
let running: MediaServer | undefined
let handover: string | undefined
let leaving = false

function mistake(error: unknown): void {
  supervisor.mistake(errorRow(error))
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

mailbox.serve(ports.processPort, {
  async start(config) {
    handover = config.handover
    if (handover !== undefined && process.platform !== 'win32') rmSync(handover, { force: true })
    running = await startMediaServer(config, {
      mistake,
      signaling: remote(ports.signalingPort, () => mailbox),
      guests: remote(ports.guestsPort, () => mailbox),
      lost(reason) {
        // Before it runs the start itself fails, and says why.
        if (!running) return
        mistake(reason)
        leave(1)
      },
    })
    mailbox.serve(ports.serverPort, running)
    const { sfu } = running
    if (sfu) {
      mailbox.serve(ports.sfuPort, sfu)
      mailbox.serve(ports.whipPort, sfu.whip)
    }
    return running.info
  },
  stop() {
    Promise.resolve(running?.close()).then(() => leave(0), mistake)
  },
})

// A terminal's Ctrl+C reaches this process too, but it is the main process that says when to stop.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('message', (letter: Letter) => {
  try {
    mailbox.receive(letter)
  } catch (error) {
    mistake(error)
  }
})
// Told to stop, or nobody is there any more to say so.
process.on('disconnect', () => {
  if (!leaving) removeHandover()
  process.exit()
})
