import type { Rect, Size } from '../stage/geometry.ts'

/** The element whose tiles a snapshot shows. */
export const stageId = 'meeting-stage'

interface Shot {
  readonly frame: Rect
  readonly video: HTMLVideoElement | undefined
  readonly avatar: HTMLElement | undefined
  readonly name: string
}

/** Draws the stage as it is into a PNG file and, where the browser allows it, into the clipboard. */
export async function takeSnapshot(roomName: string): Promise<{ readonly copied: boolean }> {
  const stage = document.getElementById(stageId)
  if (!stage) throw new Error('There is no stage.')
  const blob = await draw(stage)
  save(blob, fileName(roomName, new Date()))
  return { copied: await copy(blob) }
}

/** `parley-room-2026-11-20-18-05-09.png`, in local time. */
export function fileName(roomName: string, at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())]
  return ['parley', roomName, ...day, two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())]
    .join('-')
    .concat('.png')
}

function draw(stage: HTMLElement): Promise<Blob> {
  const shots = shotsOf(stage)
  const alive = shots.flatMap(({ video, frame }) =>
    video ? [{ picture: { width: video.videoWidth, height: video.videoHeight }, frame }] : [],
  )
  const scale = snapshotScale(alive)
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(stage.clientWidth * scale)
  canvas.height = Math.round(stage.clientHeight * scale)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser cannot draw.')
  context.scale(scale, scale)
  context.fillStyle = '#0f0e0d'
  context.fillRect(0, 0, stage.clientWidth, stage.clientHeight)
  for (const shot of shots) drawShot(context, shot)
  return new Promise((resolve, reject) => {
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('This browser cannot save pictures.'))), 'image/png')
  })
}

function shotsOf(stage: HTMLElement): Shot[] {
  const origin = stage.getBoundingClientRect()
  const tiles = [...stage.querySelectorAll<HTMLElement>('[data-tile]')]
  return tiles
    .sort((a, b) => layer(a) - layer(b))
    .map(tile => {
      const { x, y, width, height } = tile.getBoundingClientRect()
      const video = tile.querySelector('video')
      return {
        frame: { x: x - origin.x, y: y - origin.y, width, height },
        video: video && video.videoWidth > 0 ? video : undefined,
        avatar: tile.querySelector<HTMLElement>('[data-avatar] > *') ?? undefined,
        name: tile.dataset.tile ?? '',
      }
    })
}

/** The drawing order: a tile that floats over another is drawn after it. */
function layer(tile: HTMLElement): number {
  return Number(tile.parentElement?.style.zIndex ?? 0)
}

function drawShot(context: CanvasRenderingContext2D, { frame, video, avatar, name }: Shot): void {
  context.save()
  context.beginPath()
  context.roundRect(frame.x, frame.y, frame.width, frame.height, 12)
  context.clip()
  context.fillStyle = '#1f1d1b'
  context.fillRect(frame.x, frame.y, frame.width, frame.height)
  if (video) drawVideo(context, video, frame)
  else if (avatar) drawAvatar(context, avatar, frame)
  drawName(context, name, frame)
  context.restore()
}

/** Draws the video as others see it: our own picture is not mirrored in a snapshot. */
function drawVideo(context: CanvasRenderingContext2D, video: HTMLVideoElement, frame: Rect): void {
  const picture = { width: video.videoWidth, height: video.videoHeight }
  if (getComputedStyle(video).objectFit === 'contain') {
    const box = containBox(picture, frame)
    context.drawImage(video, box.x, box.y, box.width, box.height)
  } else {
    const crop = coverCrop(picture, frame)
    context.drawImage(video, crop.x, crop.y, crop.width, crop.height, frame.x, frame.y, frame.width, frame.height)
  }
}

function drawAvatar(context: CanvasRenderingContext2D, avatar: HTMLElement, frame: Rect): void {
  const { backgroundColor, fontSize, fontFamily } = getComputedStyle(avatar)
  const x = frame.x + frame.width / 2
  const y = frame.y + frame.height / 2
  context.fillStyle = backgroundColor
  context.beginPath()
  context.arc(x, y, avatar.clientWidth / 2, 0, 2 * Math.PI)
  context.fill()
  context.fillStyle = '#fff'
  context.font = `600 ${fontSize} ${fontFamily}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(avatar.textContent ?? '', x, y)
}

function drawName(context: CanvasRenderingContext2D, name: string, frame: Rect): void {
  context.font = '500 13px system-ui, sans-serif'
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  const width = Math.min(context.measureText(name).width, frame.width - 32)
  const top = frame.y + frame.height - 36
  context.fillStyle = 'rgb(0 0 0 / 0.65)'
  context.beginPath()
  context.roundRect(frame.x + 8, top, width + 16, 28, 6)
  context.fill()
  context.fillStyle = '#fff'
  context.fillText(name, frame.x + 16, top + 14.5, width)
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

async function copy(blob: Blob): Promise<boolean> {
  if (typeof ClipboardItem === 'undefined' || !navigator.clipboard?.write) return false
  return navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]).then(
    () => true,
    () => false, // The clipboard is not allowed here. The file is saved anyway, and the toast mentions only that.
  )
}

/** The part of a picture that `object-fit: cover` shows in a frame. */
export function coverCrop(picture: Size, frame: Size): Rect {
  const scale = Math.max(frame.width / picture.width, frame.height / picture.height)
  const width = frame.width / scale
  const height = frame.height / scale
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height }
}

/** Where `object-fit: contain` puts a whole picture inside a frame. */
export function containBox(picture: Size, frame: Rect): Rect {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height }
}

/** The scale of a snapshot relative to the page, chosen so that the sharpest video on it stays sharp; 1 to 3. */
export function snapshotScale(pictures: readonly { readonly picture: Size; readonly frame: Size }[]): number {
  const wanted = pictures.map(({ picture, frame }) =>
    Math.min(picture.width / frame.width, picture.height / frame.height),
  )
  return Math.min(3, Math.max(1, ...wanted.filter(Number.isFinite)))
}
