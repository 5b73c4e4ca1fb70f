import { audioContext, canWorkOnSound } from './level.ts'
import { openOutput, playNote } from './speaker.ts'

interface Pattern {
  readonly everyMs: number
  readonly volume: number
  /** Hertz, and seconds from the start of the round. */
  readonly notes: readonly { readonly hertz: number; readonly at: number }[]
}

const patterns = {
  incoming: {
    everyMs: 2600,
    volume: 0.22,
    notes: [
      { hertz: 659.25, at: 0 },
      { hertz: 783.99, at: 0.16 },
      { hertz: 1046.5, at: 0.32 },
      { hertz: 783.99, at: 0.64 },
      { hertz: 1046.5, at: 0.8 },
    ],
  },
  outgoing: {
    everyMs: 3400,
    volume: 0.08,
    notes: [
      { hertz: 440, at: 0 },
      { hertz: 440, at: 0.45 },
    ],
  },
} as const satisfies Record<string, Pattern>

/** Rings until the returned function is called. Silent while the browser does not yet let the page play sound. */
export function startRinging(kind: keyof typeof patterns, speaker: string | undefined): () => void {
  if (!canWorkOnSound) return () => {}
  const { everyMs, volume, notes } = patterns[kind]
  const context = audioContext()
  let stop = () => {}
  let stopped = false

  const begin = async () => {
    const { node, close } = await openOutput(speaker)
    if (stopped) return close()
    const round = () => {
      if (context.state !== 'running') return
      for (const { hertz, at } of notes) playNote(node, hertz, context.currentTime + 0.02 + at, volume)
    }
    round()
    const timer = setInterval(round, everyMs)
    stop = () => {
      clearInterval(timer)
      close()
    }
  }
  begin().catch((error: unknown) => console.info('The ring is silent:', error))
  if (kind === 'incoming') navigator.vibrate?.([400, 200, 400])

  return () => {
    stopped = true
    stop()
    if (kind === 'incoming') navigator.vibrate?.(0)
  }
}
