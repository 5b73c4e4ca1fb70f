import type { View, ViewState } from '../view.ts'

/** Document Picture-in-Picture: https://wicg.github.io/document-picture-in-picture/ */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture
  }
}

export function canPictureInPicture(): boolean {
  return window.documentPictureInPicture !== undefined || document.pictureInPictureEnabled === true
}

/**
 * Opens or closes picture-in-picture: a window of our own with controls if the browser supports that, otherwise the
 * plain video of the large tile.
 */
export async function togglePictureInPicture(view: View): Promise<void> {
  const open = view.getState().pip
  if (open) open.close()
  else if (document.pictureInPictureElement) await document.exitPictureInPicture()
  else if (window.documentPictureInPicture) await openWindow(view, window.documentPictureInPicture)
  else await largestVideo()?.requestPictureInPicture()
}

async function openWindow(view: View, api: DocumentPictureInPicture): Promise<void> {
  const pip: NonNullable<ViewState['pip']> = await api.requestWindow({ width: 400, height: 280 })
  pip.document.title = document.title
  pip.document.documentElement.lang = document.documentElement.lang
  pip.document.documentElement.dataset.theme = 'dark'
  for (const style of document.head.querySelectorAll('link[rel=stylesheet], style')) {
    pip.document.head.append(pip.document.importNode(style, true))
  }
  pip.addEventListener('pagehide', () => view.setState({ pip: undefined }), { once: true })
  view.setState({ pip })
}

/** The video with the largest area on the stage. */
function largestVideo(): HTMLVideoElement | undefined {
  const videos = [...document.querySelectorAll<HTMLVideoElement>('[data-tile] video')].filter(
    video => video.videoWidth > 0,
  )
  const area = (video: HTMLVideoElement) => video.clientWidth * video.clientHeight
  return videos.sort((a, b) => area(b) - area(a))[0]
}
