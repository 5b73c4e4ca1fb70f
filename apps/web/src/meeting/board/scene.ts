import { CaptureUpdateAction, reconcileElements, restoreElements } from '@excalidraw/excalidraw'
import type { RemoteExcalidrawElement } from '@excalidraw/excalidraw/data/reconcile'
import type { ExcalidrawElement, FileId } from '@excalidraw/excalidraw/element/types'
import type { BinaryFileData, DataURL, ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types'
import type { Scene } from './board-sync.ts'
import type { Drawn } from './elements.ts'
import type { Picture } from './pictures.ts'

/** What is drawn in an Excalidraw. */
export function sceneOf(api: ExcalidrawImperativeAPI): Scene {
  return {
    elements: () => api.getSceneElementsIncludingDeleted(),
    editing() {
      const { editingTextElement, resizingElement, newElement } = api.getAppState()
      return new Set([editingTextElement, resizingElement, newElement].flatMap(element => element?.id ?? []))
    },
    merge(elements) {
      const remote = restored(elements) as RemoteExcalidrawElement[]
      const merged = reconcileElements(api.getSceneElementsIncludingDeleted(), remote, api.getAppState())
      // Others' changes are not ours to undo.
      api.updateScene({ elements: merged, captureUpdate: CaptureUpdateAction.NEVER })
    },
    pictures: () => api.getFiles(),
    addPictures: pictures => api.addFiles(pictures.map(asFile)),
  }
}

/** Fills in what is missing. What makes the library fail is left out. */
function restored(elements: readonly Drawn[]): ExcalidrawElement[] {
  // Out of order, they would be given other places.
  const sorted = [...elements].sort((a, b) => (place(a) < place(b) ? -1 : 1)) as unknown as ExcalidrawElement[]
  try {
    return restoreElements(sorted, null)
  } catch {
    return sorted.flatMap(element => {
      try {
        return restoreElements([element], null)
      } catch (error) {
        console.warn('An element of the whiteboard is malformed.', error)
        return []
      }
    })
  }
}

function place(element: Drawn): string {
  return 'index' in element && typeof element.index === 'string' ? element.index : ''
}

function asFile({ id, mimeType, dataURL }: Picture): BinaryFileData {
  return {
    id: id as FileId,
    mimeType: mimeType as BinaryFileData['mimeType'],
    dataURL: dataURL as DataURL,
    created: Date.now(),
  }
}
