import { useSyncExternalStore } from 'react'

/** Whether the browser lets a page fill the screen; iPhones do not. */
export function canFullscreen(): boolean {
  return document.fullscreenEnabled
}

export async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen()
  else if (canFullscreen()) await document.documentElement.requestFullscreen()
}

export function useFullscreen(): boolean {
  return useSyncExternalStore(subscribe, () => document.fullscreenElement !== null)
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener)
  return () => document.removeEventListener('fullscreenchange', listener)
}
