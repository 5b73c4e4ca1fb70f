import { fileName, type PaintedTile, Painter, type Rect, type Size } from '@parley/recording/paint'
import { avatarLook } from '@parley/ui'
import { download } from '@parley/ui/page'

/** The element whose tiles a snapshot shows. */
export const stageId = 'meeting-stage'

/** A picture that was saved. */
export interface Snapshot {
  readonly fileName: string
  /** Whether it is in the clipboard too. */
  readonly copied: boolean
}

/** Draws the stage as it is into a PNG file and, where the browser allows it, into the clipboard. */
export async function takeSnapshot(roomName: string): Promise<Snapshot> {
  const stage = document.getElementById(stageId)
  if (!stage) throw new Error('There is no stage.')
  const tiles = tilesOf(stage)
  const scale = snapshotScale(tiles)
  const size = { width: stage.clientWidth, height: stage.clientHeight }
  const { canvas, context } = canvasOf({ width: size.width * scale, height: size.height * scale })
  context.scale(scale, scale)
  new Painter(context, 13).paint(size, tiles)
  return keep(canvas, [roomName])
}

/** The same of one picture alone, in the size in which it comes: a shared screen can be read. */
export async function takeTileSnapshot(roomName: string, key: string): Promise<Snapshot> {
  const tile = document.querySelector<HTMLElement>(`#${stageId} [data-tile-key="${CSS.escape(key)}"]`)
  const video = tile && liveVideo(tile)
  if (!video) throw new Error('This picture is not there any more.')
  const { canvas, context } = canvasOf({ width: video.videoWidth, height: video.videoHeight })
  context.drawImage(video, 0, 0)
  return keep(canvas, [roomName, tile.dataset.tile ?? ''])
}

function canvasOf({ width, height }: Size) {
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width)
  canvas.height = Math.round(height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser cannot draw.')
  return { canvas, context }
}

async function keep(canvas: HTMLCanvasElement, names: readonly string[]): Promise<Snapshot> {
  const blob = await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob(made => (made ? resolve(made) : reject(new Error('This browser cannot save pictures.'))), 'image/png')
  })
  const name = fileName(names, new Date(), 'png')
  download(name, blob)
  return { fileName: name, copied: await copy(blob) }
}

function tilesOf(stage: HTMLElement): readonly PaintedTile[] {
  const origin = stage.getBoundingClientRect()
  const tiles = [...stage.querySelectorAll<HTMLElement>('[data-tile]')]
  return tiles
    .sort((a, b) => layer(a) - layer(b))
    .map(tile => {
      const { x, y, width, height } = tile.getBoundingClientRect()
      const video = liveVideo(tile)
      const { tile: name = '', tileIdentity } = tile.dataset
      return {
        frame: { x: x - origin.x, y: y - origin.y, width, height },
        picture: video && {
          image: video,
          width: video.videoWidth,
          height: video.videoHeight,
          whole: getComputedStyle(video).objectFit === 'contain',
        },
        look: tileIdentity === undefined ? undefined : avatarLook(name, tileIdentity),
        name,
      }
    })
}

function liveVideo(tile: HTMLElement): HTMLVideoElement | undefined {
  return [...tile.querySelectorAll('video')].find(({ videoWidth }) => videoWidth > 0)
}

/** The drawing order: a tile that floats over another is drawn after it. */
function layer(tile: HTMLElement): number {
  return Number(tile.parentElement?.style.zIndex ?? 0)
}

async function copy(blob: Blob): Promise<boolean> {
  if (typeof ClipboardItem === 'undefined' || !navigator.clipboard?.write) return false
  return navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]).then(
    () => true,
    () => false, // The clipboard is not allowed here. The file is saved anyway, and the toast mentions only that.
  )
}

/** The scale of a snapshot relative to the page, chosen so that the sharpest picture on it stays sharp; 1 to 3. */
export function snapshotScale(tiles: readonly { readonly picture: Size | undefined; readonly frame: Rect }[]): number {
  const wanted = tiles.flatMap(({ picture, frame }) =>
    picture ? Math.min(picture.width / frame.width, picture.height / frame.height) : [],
  )
  return Math.min(3, Math.max(1, ...wanted.filter(Number.isFinite)))
}
