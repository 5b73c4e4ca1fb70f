import type { LevelSource } from '../components/level-meter.tsx'

const everyMs = 40
const floorDb = -60
const ceilingDb = -12

/** Loudness of samples in -1..1 as 0..1: -60 dBFS and below is 0, -12 dBFS and above is 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const db = 10 * Math.log10(sum / samples.length || 1e-12)
  return Math.min(1, Math.max(0, (db - floorDb) / (ceilingDb - floorDb)))
}

/** Whether this browser has the Web Audio API: some are built or configured without it. */
export const canWorkOnSound = 'AudioContext' in globalThis

let shared: AudioContext | undefined

/** The page's only audio context. Browsers keep it suspended until the person has interacted with the page. */
export function audioContext(): AudioContext {
  if (!shared) {
    const context = new AudioContext({ latencyHint: 'interactive' })
    shared = context
    const wake = () => void context.resume()
    const gestures = ['pointerdown', 'keydown'] as const
    for (const gesture of gestures) addEventListener(gesture, wake, { passive: true })
    context.addEventListener('statechange', () => {
      if (context.state !== 'running') return
      for (const gesture of gestures) removeEventListener(gesture, wake)
    })
  }
  return shared
}

const sources = new WeakMap<MediaStreamTrack, LevelSource>()

/**
 * The loudness of a track, also while it is muted for others: measures a clone, which exists only while somebody
 * subscribes. Reports nothing while the audio context is suspended or if the browser cannot measure, so that a track
 * that was never heard is not reported as silent.
 */
export function levelOf(track: MediaStreamTrack): LevelSource {
  const known = sources.get(track)
  if (known) return known
  const source: LevelSource = { subscribe: listener => listen(track, listener) }
  sources.set(track, source)
  return source
}

function listen(track: MediaStreamTrack, listener: (level: number) => void): () => void {
  if (!canWorkOnSound) return () => {}
  const context = audioContext()
  const clone = track.clone()
  clone.enabled = true
  const input = open(context, clone)
  if (!input) return () => clone.stop()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  input.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    if (context.state !== 'running') return
    analyser.getFloatTimeDomainData(samples)
    listener(loudness(samples))
  }, everyMs)
  return () => {
    clearInterval(timer)
    input.disconnect()
    clone.stop()
  }
}

function open(context: AudioContext, track: MediaStreamTrack): AudioNode | undefined {
  try {
    return context.createMediaStreamSource(new MediaStream([track]))
  } catch (error) {
    // Firefox throws if the microphone's sample rate differs from the speakers'.
    console.warn('The level of a microphone cannot be measured:', error)
    return undefined
  }
}
