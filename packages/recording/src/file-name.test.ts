import { expect, test } from 'vitest'
import { fileName, fileNamePart } from './file-name.ts'

test('a file is named by room and local time, so that files sort', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5)
  expect(fileName(['calm-otter-42'], at, 'png')).toBe('parley-calm-otter-42-2026-01-02-03-04-05.png')
  expect(fileName(['tea', 'Ann Lee'], at, 'mp4')).toBe('parley-tea-Ann Lee-2026-01-02-03-04-05.mp4')
})

test.each([
  ['../../etc/passwd', 'etc passwd'],
  ['..', 'unnamed'],
  ['C:\\Windows\\x', 'C Windows x'],
  ['a\u0000b\nc', 'a b c'],
  ['photo\u202Egnp.exe', 'photo gnp.exe'],
  ['zero\u200Bwidth', 'zero width'],
  ['con', 'con_'],
  ['.hidden', 'hidden'],
  ['trailing. . ', 'trailing'],
  ['$(rm -rf) `x`', '(rm -rf) x'],
  ['', 'unnamed'],
  ['王小明', '王小明'],
  ['Zoë 👋', 'Zoë 👋'],
])('%j becomes %j', (given, made) => {
  expect(fileNamePart(given)).toBe(made)
})

test('a long name is cut between characters', () => {
  expect([...fileNamePart('👋'.repeat(100))]).toHaveLength(60)
})
