import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeName } from './safe-name.ts'

test.each([
  ['plan.pdf', 'plan.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\evil.exe', 'evil.exe'],
  ['.bashrc', 'bashrc'],
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['a\u0000b\nc.txt', 'abc.txt'],
  ['con.txt', '_con.txt'],
  ['what?<b>*.md', 'what__b__.md'],
  ['name. ', 'name'],
  ['', 'file'],
  ['../..', 'file'],
  ['照片 📷.jpg', '照片 📷.jpg'],
  ['👨\u200d👩\u200d👧.png', '👨\u200d👩\u200d👧.png'],
])('%j is saved as %j', (name, safe) => expect(safeName(name)).toBe(safe))

test('a long name keeps its extension', () => {
  const safe = safeName(`${'长'.repeat(300)}.tar.gz`)
  expect(safe).toMatch(/^长+\.gz$/)
  expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(200)
})

test('whatever the name, it is one that can be saved and read, and stays itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), name => {
      const safe = safeName(name)
      expect(safe).not.toMatch(/[\\/:*?"<>|\p{Cc}\u202a-\u202e\u2066-\u2069]|^[.\s]|[.\s]$/u)
      expect(safe.length).toBeGreaterThan(0)
      expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(200)
      expect(safeName(safe)).toBe(safe)
    }),
  )
})
