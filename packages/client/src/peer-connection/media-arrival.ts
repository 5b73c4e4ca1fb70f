import type { IncomingTrack } from '../room/media-plane.ts'

const lookMs = 150

/**
 * Reports the track of a receiver: at once, so that the page can prepare to show it, and again when its first media is there.
 * The `unmute` event exists for that, but Chromium never fires it for a receiver that was part of a rolled-back offer (seen in
 * 156), so packets are polled as well. Audio counts as flowing at once: its packets become visible only when it is played, and
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
