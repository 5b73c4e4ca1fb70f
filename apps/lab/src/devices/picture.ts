/** Luma (0..255) below which a picture counts as black: even a covered lens produces a little noise. */
const blackLuma = 16
const patienceMs = 2000
const lookEveryMs = 100

/**
 * Whether the camera's picture is black, as with its lens covered. Many cameras start dark, so it gets two seconds to
 * show anything. Undefined if no frame arrived in that time.
 */
export async function isBlack(stream: MediaStream): Promise<boolean | undefined> {
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = stream
  const canvas = document.createElement('canvas')
  canvas.width = 32
  canvas.height = 18
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const until = performance.now() + patienceMs
  let black: boolean | undefined
  try {
    await video.play()
    while (context && performance.now() < until) {
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        context.drawImage(video, 0, 0, canvas.width, canvas.height)
        black = brightest(context.getImageData(0, 0, canvas.width, canvas.height).data) < blackLuma
        if (!black) return false
      }
      await new Promise(resolve => setTimeout(resolve, lookEveryMs))
    }
    return black
  } catch {
    return undefined // The track ended or the browser cannot play it, which other checks report.
  } finally {
    video.srcObject = null
  }
}

/** The luma (BT.601) of the brightest pixel. */
export function brightest(rgba: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i + 2 < rgba.length; i += 4) {
    const luma = 0.299 * (rgba[i] ?? 0) + 0.587 * (rgba[i + 1] ?? 0) + 0.114 * (rgba[i + 2] ?? 0)
    if (luma > most) most = luma
  }
  return most
}
