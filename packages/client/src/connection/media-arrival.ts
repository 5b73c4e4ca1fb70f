const lookMs = 150

/**
 * Calls back once, when the first media is there. That is what `unmute` is for, but Chromium never fires it for a
 * receiver that took part in a rolled-back offer (seen in 156), so packets are looked for as well. Sound is not waited for:
 * its packets can be seen only once it is played, and until then it is silence.
 */
export function whenMediaArrives(
  track: MediaStreamTrack,
  receiver: RTCRtpReceiver,
  signal: AbortSignal,
  arrived: () => void,
): void {
  if (track.kind === 'audio') {
    arrived()
    return
  }
  const look = () => {
    if (signal.aborted || (track.muted && receiver.getSynchronizationSources().length === 0)) return
    clearInterval(timer)
    track.removeEventListener('unmute', look)
    arrived()
  }
  const timer = setInterval(look, lookMs)
  signal.addEventListener('abort', () => clearInterval(timer))
  track.addEventListener('unmute', look, { signal })
  look()
}
