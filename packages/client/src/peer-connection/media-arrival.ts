import type { IncomingTrack } from '../room/media-plane.ts'

const lookMs = 150

/**
 * Tells of what a receiver brings: at once, so that what shows it can get ready, and again when the first media is there.
 * That is what `unmute` is for, but Chromium never fires it for a receiver that took part in a rolled-back offer (seen in
 * 156), so packets are looked for as well. Sound is not waited for: its packets can be seen only once it is played, and
 * until then it is silence.
 */
export function watchArrival(
  receiver: RTCRtpReceiver,
  signal: AbortSignal,
  tell: (incoming: IncomingTrack) => void,
): void {
  const { track } = receiver
  const flows = () => track.kind === 'audio' || !track.muted || receiver.getSynchronizationSources().length > 0
  tell({ track, flows: flows() })
  if (flows()) return
  const look = () => {
    if (signal.aborted || !flows()) return
    clearInterval(timer)
    track.removeEventListener('unmute', look)
    tell({ track, flows: true })
  }
  const timer = setInterval(look, lookMs)
  signal.addEventListener('abort', () => clearInterval(timer))
  track.addEventListener('unmute', look, { signal })
}
