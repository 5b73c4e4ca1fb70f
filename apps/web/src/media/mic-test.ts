import { audioContext, openOutput } from '@parley/ui/page'
import { useCallback, useEffect, useRef, useState } from 'react'
import { trackOf } from './state.ts'
import { useMedia } from './store.ts'

const recordingMs = 5000

export type MicTest =
  | { readonly status: 'idle' }
  /** `until` in ms since 1970. */
  | { readonly status: 'recording'; readonly until: number }
  | { readonly status: 'playing' }
  | { readonly status: 'failed' }

/** Records five seconds of the microphone and plays them back on the chosen speaker. Nothing leaves the page. */
export function useMicTest(): { readonly test: MicTest; readonly start: () => void; readonly stop: () => void } {
  const [test, setTest] = useState<MicTest>({ status: 'idle' })
  const abort = useRef<AbortController>(undefined)
  const stop = useCallback(() => abort.current?.abort(), [])
  useEffect(() => stop, [stop])

  const start = useCallback(() => {
    const track = trackOf(useMedia.getState().microphone)
    if (!track) return
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    run(track, controller.signal, setTest).then(
      () => setTest({ status: 'idle' }),
      (error: unknown) => {
        console.warn('The microphone test failed:', error)
        setTest({ status: 'failed' })
      },
    )
  }, [])

  return { test, start, stop }
}

async function run(track: MediaStreamTrack, signal: AbortSignal, show: (test: MicTest) => void): Promise<void> {
  show({ status: 'recording', until: Date.now() + recordingMs })
  const recording = await record(track, signal)
  if (signal.aborted) return
  show({ status: 'playing' })
  await play(recording, signal)
}

function record(track: MediaStreamTrack, signal: AbortSignal): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const recorder = new MediaRecorder(new MediaStream([track]))
    const parts: Blob[] = []
    const stop = () => {
      if (recorder.state !== 'inactive') recorder.stop()
    }
    const timer = setTimeout(stop, recordingMs)
    signal.addEventListener('abort', stop, { once: true })
    recorder.addEventListener('dataavailable', event => parts.push(event.data))
    recorder.addEventListener('error', () => reject(new Error('MediaRecorder failed')))
    recorder.addEventListener('stop', () => {
      clearTimeout(timer)
      resolve(new Blob(parts, { type: recorder.mimeType }))
    })
    recorder.start()
  })
}

/** Plays through the audio context, so that the page's Content-Security-Policy has no media URL to restrict. */
async function play(recording: Blob, signal: AbortSignal): Promise<void> {
  const context = audioContext()
  const sound = await context.decodeAudioData(await recording.arrayBuffer())
  const { node, close } = await openOutput(useMedia.getState().speaker)
  const source = context.createBufferSource()
  source.buffer = sound
  source.connect(node)
  const ended = new Promise(resolve => source.addEventListener('ended', resolve))
  signal.addEventListener('abort', () => source.stop(), { once: true })
  source.start()
  await ended
  close()
}
