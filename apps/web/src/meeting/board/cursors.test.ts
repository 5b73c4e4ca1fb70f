import { expect, it } from 'vitest'
import { readCursor, writeCursor } from './cursors.ts'

it('a cursor is read as it was written, to the pixel', () => {
  const cursor = { x: 12.4, y: -7.6, laser: true, down: false }
  expect(readCursor(writeCursor(cursor))).toEqual({ x: 12, y: -8, laser: true, down: false })
})

it.each(['', 'null', '{}', '[]', '["1",2]', '[1]', '[1e9,0]', '[null,null]', '<b>'])('%s is none', text => {
  expect(readCursor(text)).toBeUndefined()
})

it('what a newer version adds is left aside', () => {
  expect(readCursor('[1,2,0,1,"more"]')).toEqual({ x: 1, y: 2, laser: false, down: true })
})
