import { expect, test } from 'vitest'
import { formatFor } from './formats.ts'

const having =
  (...types: string[]) =>
  (type: string) =>
    types.includes(type)

test('MP4 with AAC comes before Opus, and both before WebM', () => {
  const opus = 'video/mp4;codecs=avc1.64001f,opus'
  const aac = 'video/mp4;codecs=avc1.42E01F,mp4a.40.2'
  const webm = 'video/webm;codecs=vp8,opus'
  expect(formatFor('meeting', having(webm, opus, aac))).toEqual({ mimeType: aac, kind: 'mp4' })
  expect(formatFor('meeting', having(webm, opus))).toEqual({ mimeType: opus, kind: 'mp4' })
  expect(formatFor('meeting', having(webm))).toEqual({ mimeType: webm, kind: 'webm' })
})

test('a picture that changes its size goes into WebM where that can be written', () => {
  expect(formatFor('picture', () => true)?.kind).toBe('webm')
  expect(formatFor('picture', having('video/mp4'))).toEqual({ mimeType: 'video/mp4', kind: 'mp4' })
})

test('a browser that can write nothing of it has no format', () => {
  expect(formatFor('sound', () => false)).toBeUndefined()
})
