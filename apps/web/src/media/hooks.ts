import type { LevelSource } from '@parley/ui'
import { levelOf } from '@parley/ui/page'
import { useEffect, useRef, useState } from 'react'
import { SilenceDetector, TalkDetector } from './detectors.ts'
import { trackOf } from './state.ts'
import { useMedia } from './store.ts'

/** The local microphone's level while it is being sent; undefined while it is off or muted. */
export function useMicrophoneLevel(): LevelSource | undefined {
  const track = useMedia(media => (media.microphone.status === 'on' ? media.microphone.track : undefined))
  return track && levelOf(track)
}

/** Whether the microphone was opened 5 s ago or more and has produced no sound yet. */
export function useSilent(): boolean {
  const source = useMicrophoneLevel()
  const [silent, setSilent] = useState(false)
  useEffect(() => {
    setSilent(false)
    const detector = new SilenceDetector()
    return source?.subscribe(level => setSilent(detector.next(level, performance.now()) === 'silent'))
  }, [source])
  return silent
}

/** Calls back when the person talks while the microphone is muted, at most every 15 s. */
export function useTalkWhileMuted(callback: () => void): void {
  const current = useRef(callback)
  current.current = callback
  const track = useMedia(media => (media.microphone.status === 'muted' ? trackOf(media.microphone) : undefined))
  useEffect(() => {
    if (!track) return
    const detector = new TalkDetector()
    return levelOf(track).subscribe(level => {
      if (detector.next(level, performance.now())) current.current()
    })
  }, [track])
}
