import { asFrom, type FrameLoop, type Paint } from './frame-loop.ts'

const framesPerSecond = 30

/**
 * Frames from a video element, given out by a canvas: for browsers that give no frames of a track.
 * The beat comes from a worker, since a page's own timers and paints stop in a tab that nobody looks at.
 * @throws {Error} If the browser cannot take a track from a canvas.
 */
export function openElement(source: MediaStreamTrack, paint: Paint): FrameLoop {
  const video = document.createElement('video')
  Object.assign(video, { muted: true, playsInline: true, srcObject: new MediaStream([source]) })
  const canvas = document.createElement('canvas')
  const { width = 640, height = 360 } = source.getSettings()
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d', { alpha: false })
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks()
  if (!pen || !track) throw new Error('This browser gives no track of a canvas.')

  asFrom(source, track)
  const beat = new Worker(new URL('./beat-worker.ts', import.meta.url), { type: 'module' })
  let busy = false
  let closed = false
  let shown = -1

  async function next(): Promise<void> {
    if (busy || closed || video.readyState < video.HAVE_CURRENT_DATA || video.currentTime === shown) return
    busy = true
    try {
      shown = video.currentTime
      const size = { width: video.videoWidth, height: video.videoHeight }
      const painted = await paint(video, size)
      if (closed || painted === 'nothing') return
      const picture = painted === 'plain' ? video : painted
      const drawn = painted === 'plain' ? size : painted
      if (canvas.width !== drawn.width || canvas.height !== drawn.height) {
        Object.assign(canvas, { width: drawn.width, height: drawn.height })
      }
      pen?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    } finally {
      busy = false
    }
  }

  beat.addEventListener('message', () => void next())
  beat.postMessage(1000 / framesPerSecond)
  video.play().catch((error: unknown) => console.warn('The camera’s picture does not play:', error))
  return {
    track,
    close: () => {
      if (closed) return
      closed = true
      beat.terminate()
      track.stop()
      video.srcObject = null
    },
  }
}
