import type { Unsubscribe } from '../types.ts'
import type { Sight } from './views.ts'

/**
 * Tells how large an element is in device pixels, and undefined while it cannot be seen: scrolled away, without a size, or in a tab
 * or window that is hidden. A video inside it that is in a picture-in-picture window is seen there.
 */
export function watchElement(element: HTMLElement, see: (sight: Sight | undefined) => void): Unsubscribe {
  const { ownerDocument } = element
  const view = ownerDocument.defaultView ?? window
  let inside = true
  let small: PictureInPictureWindow | undefined
  const look = () => {
    const visible = inside && ownerDocument.visibilityState !== 'hidden'
    const [width, height] = small ? [small.width, small.height] : [element.clientWidth, element.clientHeight]
    const seen = (visible || small) && width > 0 && height > 0
    const ratio = view.devicePixelRatio
    see(seen ? { width: width * ratio, height: height * ratio } : undefined)
  }
  const resizes = new view.ResizeObserver(look)
  resizes.observe(element)
  const moves = new view.IntersectionObserver(entries => {
    inside = entries.at(-1)?.isIntersecting ?? inside
    look()
  })
  moves.observe(element)
  const enter = (event: Event) => {
    small = (event as PictureInPictureEvent).pictureInPictureWindow
    small.onresize = look
    look()
  }
  const leave = () => {
    small = undefined
    look()
  }
  element.addEventListener('enterpictureinpicture', enter)
  element.addEventListener('leavepictureinpicture', leave)
  ownerDocument.addEventListener('visibilitychange', look)
  look()
  return () => {
    resizes.disconnect()
    moves.disconnect()
    element.removeEventListener('enterpictureinpicture', enter)
    element.removeEventListener('leavepictureinpicture', leave)
    ownerDocument.removeEventListener('visibilitychange', look)
  }
}
