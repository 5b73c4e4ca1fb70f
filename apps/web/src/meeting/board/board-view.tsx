import { Excalidraw, exportToBlob, exportToSvg, getNonDeletedElements, MainMenu } from '@excalidraw/excalidraw'
import '@excalidraw/excalidraw/index.css'
import './board-view.css'
import type { ExcalidrawImperativeAPI, ExcalidrawProps } from '@excalidraw/excalidraw/types'
import { isComposing, useMediaQuery } from '@parley/ui'
import { languageTags, toast, useSettings } from '@parley/ui/page'
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { shortcuts } from '../keys/shortcuts.ts'
import { BoardSync } from './board-sync.ts'
import { watchCollaborators } from './collaborators.ts'
import { writeCursor } from './cursors.ts'
import { type Draw, drawWith } from './save.ts'
import { sceneOf } from './scene.ts'
import { toPixels } from './to-pixels.ts'

export interface BoardViewProps {
  readonly readOnly: boolean
}

/** What leads away from here, or belongs to a program of its own, is not offered. */
const options: NonNullable<ExcalidrawProps['UIOptions']> = {
  canvasActions: {
    changeViewBackgroundColor: false,
    export: false,
    loadScene: false,
    saveToActiveFile: false,
    toggleTheme: false,
  },
}

/** The whiteboard on an Excalidraw; everything of it is on our own origin. */
export function BoardView({ readOnly }: BoardViewProps) {
  const { t } = useTranslation('board')
  const { room } = useMeeting()
  const language = useSettings(settings => settings.language)
  const theme = useTheme()
  const [api, setApi] = useState<ExcalidrawImperativeAPI>()
  // Excalidraw empties itself once more before it is ready, which is told by its first change.
  const [ready, setReady] = useState(false)
  const sync = useSync(ready ? api : undefined)

  useEffect(() => {
    if (!api) return
    return watchCollaborators(room, collaborators => api.updateScene({ collaborators }))
  }, [room, api])

  useEffect(() => {
    if (!api) return
    drawWith(drawingOf(api))
    return () => drawWith(undefined)
  }, [api])

  const refuseFiles = (event: DragEvent) => {
    const files = [...event.dataTransfer.files]
    if (files.length === 0 || files.every(({ type }) => type.startsWith('image/'))) return
    // A drawing of elsewhere would take the place of what everybody has drawn.
    event.preventDefault()
    event.stopPropagation()
    toast({ id: 'board-drop', title: t('notAPicture') })
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps the keys of the drawing from the meeting
    <div
      className="board-view relative min-h-0 flex-1"
      onKeyDown={keepKeys}
      onDropCapture={refuseFiles}
      onDragEnter={keepDrag}
      onDragOver={keepDrag}
      onDragLeave={keepDrag}
      onDrop={keepDrag}
      onPointerLeave={() => room.board.point(undefined)}
    >
      <Excalidraw
        excalidrawAPI={setApi}
        onChange={() => {
          setReady(true)
          sync.current?.changed()
        }}
        onPointerUpdate={({ pointer: { x, y, tool }, button }) =>
          room.board.point(writeCursor({ x, y, laser: tool === 'laser', down: button === 'down' }))
        }
        isCollaborating
        autoFocus
        viewModeEnabled={readOnly}
        validateEmbeddable={false}
        renderEmbeddable={() => null}
        aiEnabled={false}
        theme={theme}
        langCode={languageTags[language]}
        UIOptions={options}
        name={room.name}
      >
        <MainMenu>
          <MainMenu.DefaultItems.SearchMenu />
          <MainMenu.DefaultItems.SaveAsImage />
          <MainMenu.DefaultItems.Help />
          <MainMenu.DefaultItems.ClearCanvas />
        </MainMenu>
      </Excalidraw>
    </div>
  )
}

function useSync(api: ExcalidrawImperativeAPI | undefined) {
  const { t } = useTranslation('board')
  const { room } = useMeeting()
  const sync = useRef<BoardSync>(undefined)
  const texts = useRef(t)
  texts.current = t
  useEffect(() => {
    if (!api) return
    sync.current = new BoardSync({
      board: room.board,
      scene: sceneOf(api),
      toPixels,
      notShared: (what, error) => {
        if (error !== undefined) console.warn(error)
        const text = what === 'element' ? 'tooLarge' : 'pictureNotShared'
        toast({
          id: 'board-not-shared',
          title: texts.current(text),
          description: texts.current(`${text}Hint`),
          tone: 'danger',
        })
      },
    })
    // Whoever comes sees what there is, wherever it was drawn.
    if (api.getSceneElements().length > 0) api.scrollToContent(undefined, { fitToContent: true })
    return () => sync.current?.close()
  }, [room, api])
  return sync
}

function useTheme(): 'light' | 'dark' {
  const chosen = useSettings(settings => settings.theme)
  const dark = useMediaQuery('(prefers-color-scheme: dark)')
  if (chosen !== 'system') return chosen
  return dark ? 'dark' : 'light'
}

/** What is dragged over the whiteboard is for it, not for everybody as a file. */
function keepDrag(event: DragEvent): void {
  event.preventDefault()
  event.stopPropagation()
}

/** The whiteboard has keys of its own. What opens it closes it as well, and muting is never out of reach. */
function keepKeys(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, altKey, nativeEvent } = event
  const ours = [shortcuts.board, shortcuts.microphone].some(each => each === key.toLowerCase())
  if (!ours || ctrlKey || metaKey || altKey || isComposing(nativeEvent)) event.stopPropagation()
}

function drawingOf(api: ExcalidrawImperativeAPI): Draw {
  return async kind => {
    const elements = getNonDeletedElements(api.getSceneElements())
    if (elements.length === 0) return undefined
    const { theme, viewBackgroundColor } = api.getAppState()
    const appState = { exportBackground: true, exportWithDarkMode: theme === 'dark', viewBackgroundColor }
    const content = { elements, appState, files: api.getFiles(), exportPadding: 16 }
    if (kind === 'png') return exportToBlob({ ...content, mimeType: 'image/png', getDimensions })
    const svg = await exportToSvg(content)
    return new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' })
  }
}

/** Sharp on good screens too, and no larger than a canvas may be. */
function getDimensions(width: number, height: number) {
  const scale = Math.min(2, 8192 / Math.max(width, height))
  return { width: width * scale, height: height * scale, scale }
}
