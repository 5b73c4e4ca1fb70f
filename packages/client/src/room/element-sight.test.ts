import { expect, test } from 'vitest'
import { FakeElement } from '../testing/fake-element.ts'
import { watchElement } from './element-sight.ts'

function watch(ratio = 1) {
  const element = new FakeElement(ratio)
  const seen: string[] = []
  const stop = watchElement(element as unknown as HTMLElement, sight =>
    seen.push(sight ? `${sight.width}x${sight.height}` : 'hidden'),
  )
  return { element, seen, stop }
}

test('the size is in device pixels; without one there is nothing to see', () => {
  const { element, seen } = watch(1.5)
  element.resize(320, 180)
  element.resize(0, 180)
  expect(seen).toEqual(['hidden', '480x270', 'hidden'])
})

test('scrolled away, or in a tab that is hidden, it is out of sight', () => {
  const { element, seen } = watch()
  element.resize(320, 180)
  element.scroll(false)
  element.scroll(true)
  element.ownerDocument.show('hidden')
  element.resize(640, 360)
  element.ownerDocument.show('visible')
  expect(seen).toEqual(['hidden', '320x180', 'hidden', '320x180', 'hidden', 'hidden', '640x360'])
})

test('a video in a picture-in-picture window is seen there, though its tab is hidden', () => {
  const { element, seen, stop } = watch()
  element.resize(320, 180)
  const small = { width: 400, height: 225, onresize: () => {} }
  element.dispatchEvent(Object.assign(new Event('enterpictureinpicture'), { pictureInPictureWindow: small }))
  element.ownerDocument.show('hidden')
  Object.assign(small, { width: 800, height: 450 })
  small.onresize()
  element.dispatchEvent(new Event('leavepictureinpicture'))
  expect(seen.slice(2)).toEqual(['400x225', '400x225', '800x450', 'hidden'])
  stop()
  element.ownerDocument.show('visible')
  expect([element.watchers, seen.length]).toEqual([0, 6])
})
