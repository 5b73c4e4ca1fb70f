import type { BoardEntry } from '@parley/client'
import { expect, it } from 'vitest'
import { hasPicture, pictureEntries, pictureFrom, pictureIdOf, withoutPicture } from './pictures.ts'

const picture = (chars: number, mimeType = 'image/png') => ({
  id: 'f00d',
  mimeType,
  dataURL: `data:${mimeType};base64,${'Ab1+'.repeat(chars / 4)}`,
})

/** A board on which these entries are. */
function board(...puts: (readonly BoardEntry[])[]): Map<string, BoardEntry> {
  return new Map(puts.flat().map(entry => [entry.key, entry]))
}

it('a picture travels in parts, and is whole once all of them have come', () => {
  const entries = pictureEntries(new Map(), picture(200_000)) ?? []
  expect(entries.map(({ key }) => key)).toEqual(['file/f00d', 'file/f00d/0', 'file/f00d/1', 'file/f00d/2'])
  for (const { value } of entries) expect(value.length).toBeLessThan(100_000)
  const shuffled = [...entries].reverse()
  for (let come = 0; come < 4; come++) {
    expect(pictureFrom(board(shuffled.slice(0, come)), 'f00d')).toBeUndefined()
  }
  expect(pictureFrom(board(shuffled), 'f00d')).toEqual(picture(200_000))
  expect(entries.map(pictureIdOf)).toEqual(Array(4).fill('f00d'))
})

it('one that was taken off can be brought back', () => {
  const there = board(pictureEntries(new Map(), picture(8)) ?? [])
  expect(hasPicture(there, 'f00d')).toBe(true)
  const gone = withoutPicture(there, 'f00d')
  expect(gone).toEqual([
    { key: 'file/f00d', version: 2, nonce: 0, value: '' },
    { key: 'file/f00d/0', version: 2, nonce: 0, value: '' },
  ])
  const after = board(gone)
  expect([hasPicture(after, 'f00d'), pictureFrom(after, 'f00d'), withoutPicture(after, 'f00d')]).toEqual([
    false,
    undefined,
    [],
  ])
  const again = pictureEntries(after, picture(8)) ?? []
  expect(again.map(({ version }) => version)).toEqual([3, 3])
  expect(pictureFrom(board(again), 'f00d')).toEqual(picture(8))
})

it.each(['image/svg+xml', 'text/html', 'application/octet-stream', 'image/png;x'])('%s is not shared', type => {
  expect(pictureEntries(new Map(), picture(8, type))).toBeUndefined()
})

it('nor is one that is too large, or not in base64', () => {
  expect(pictureEntries(new Map(), picture(8_000_000))).toBeUndefined()
  expect(pictureEntries(new Map(), { ...picture(8), dataURL: 'https://example.org/a.png' })).toBeUndefined()
  expect(pictureEntries(new Map(), { ...picture(8), dataURL: 'data:image/png,<svg onload=alert(1)>' })).toBeUndefined()
})

it.each([
  ['{"type":"image/svg+xml","parts":1}', 'QQ=='],
  ['{"type":"text/html","parts":1}', 'QQ=='],
  ['{"type":"image/png","parts":100000}', 'QQ=='],
  ['{"type":"image/png","parts":0}', 'QQ=='],
  ['{"type":"image/png","parts":1.5}', 'QQ=='],
  ['{"type":"image/png"}', 'QQ=='],
  ['null', 'QQ=='],
  ['no JSON', 'QQ=='],
  ['{"type":"image/png","parts":1}', '"><script>'],
  ['{"type":"image/png","parts":1}', ''],
])('whoever puts %s and %j there has put no picture there', (head, part) => {
  const entries = board([
    { key: 'file/x', version: 1, nonce: 0, value: head },
    { key: 'file/x/0', version: 1, nonce: 0, value: part },
  ])
  expect(pictureFrom(entries, 'x')).toBeUndefined()
})

it.each(['el/x', 'file/', 'file/a/b', 'file/a/1/2', 'file/a.b', '../file/a'])('%s is about no picture', key => {
  expect(pictureIdOf({ key, version: 1, nonce: 0, value: '' })).toBeUndefined()
})
