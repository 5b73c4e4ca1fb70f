import { useEffect } from 'react'

/** Keeps the screen from going dark during the meeting, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    const { wakeLock } = navigator as { readonly wakeLock?: WakeLock }
    if (!wakeLock) return
    let stopped = false
    let lock: WakeLockSentinel | undefined
    const hold = async () => {
      if (document.hidden || stopped) return
      // Refused on a low battery or by policy. Then the screen may go dark, which does no other harm.
      lock = await wakeLock.request('screen').catch(() => undefined)
      if (stopped) void lock?.release()
    }
    void hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      stopped = true
      document.removeEventListener('visibilitychange', hold)
      void lock?.release()
    }
  }, [])
}
