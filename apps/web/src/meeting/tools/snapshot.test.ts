import { expect, it } from 'vitest'
import { fileName } from './snapshot.ts'

it('names a snapshot by room and local time, so that files sort', () => {
  expect(fileName('calm-otter-42', new Date(2026, 0, 2, 3, 4, 5))).toBe('parley-calm-otter-42-2026-01-02-03-04-05.png')
})
