import { boardAssets } from './assets.ts'

declare global {
  interface Window {
    /** Read by Excalidraw when it is loaded. */
    EXCALIDRAW_ASSET_PATH?: string
  }
}

/** The whiteboard's code, which is larger than all the rest, and therefore fetched when it is first opened. */
export function loadBoard() {
  window.EXCALIDRAW_ASSET_PATH = boardAssets
  return import('./board-view.tsx')
}
