import { expect, it } from 'vitest'
import { safeLink, toElement, toEntry } from './elements.ts'

const box = {
  id: 'box-1',
  type: 'rectangle',
  version: 3,
  versionNonce: 42,
  isDeleted: false,
  x: 1.23456,
  y: 2,
  width: 3,
  height: 4,
  angle: 0,
  groupIds: [],
  link: null,
}
const entryOf = (more: object) => ({
  key: 'el/box-1',
  version: 3,
  nonce: 42,
  value: JSON.stringify({ ...box, ...more }),
})

it('an element becomes an entry, and the entry the element', () => {
  const entry = toEntry(box)
  expect(entry).toMatchObject({ key: 'el/box-1', version: 3, nonce: 42 })
  expect(entry && toElement(entry)).toEqual(box)
})

it('a deleted element is an entry without a value', () => {
  expect(toEntry({ ...box, isDeleted: true })).toEqual({ key: 'el/box-1', version: 3, nonce: 42, value: '' })
})

it('lines by hand are sent with a hundredth of a pixel, and nothing of the application’s own', () => {
  const line = { ...box, type: 'freedraw', points: [[0.123456, 1.987654]], pressures: [0.55555], customData: { a: 1 } }
  expect(JSON.parse(toEntry(line)?.value ?? '')).toMatchObject({
    points: [[0.12, 1.99]],
    pressures: [0.56],
    x: 1.23456,
  })
  expect(toEntry(line)?.value).not.toContain('customData')
})

it('a picture is not waited for twice', () => {
  expect(toEntry({ ...box, type: 'image', ...{ status: 'pending' } })?.value).toContain('"status":"saved"')
})

it.each(['embeddable', 'iframe', 'magicframe', 'selection', 'script'])('%s is neither sent nor taken', type => {
  expect(toEntry({ ...box, type })).toBeUndefined()
  expect(toElement(entryOf({ type }))).toBeUndefined()
})

it('version and nonce are those of the entry, whatever the element says', () => {
  expect(toElement({ ...entryOf({ version: 99, versionNonce: 1, isDeleted: true }), version: 7 })).toMatchObject({
    version: 7,
    versionNonce: 42,
    isDeleted: false,
  })
})

it.each([
  ['javascript:alert(1)', null],
  ['JaVaScRiPt:alert(1)', null],
  [' javascript:alert(1)', null],
  ['data:text/html,<script>alert(1)</script>', null],
  ['vbscript:x', null],
  ['file:///etc/passwd', null],
  ['blob:https://example.org/1', null],
  ['not a link', null],
  [`https://example.org/${'x'.repeat(3000)}`, null],
  [7, null],
  ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
  ['mailto:ann@example.org', 'mailto:ann@example.org'],
])('of the link %j there is left %j', (link, left) => {
  expect(safeLink(link)).toBe(left)
  expect(toElement(entryOf({ link }))).toMatchObject({ link: left })
})

it.each([
  { id: 'other' },
  { x: 'a' },
  { x: 1e9 },
  { width: null },
  { angle: [] },
  { type: 'freedraw' },
  { type: 'line', points: [[0, 'x']] },
  { type: 'line', points: [0, 1] },
  { type: 'text' },
  { type: 'text', text: 7 },
  { type: 'text', text: 'x'.repeat(60_000) },
  { fontSize: 1e6 },
  { fontSize: -1 },
  { groupIds: [1] },
  { boundElements: [{ id: '<img>' }] },
  { boundElements: [null] },
  { fileId: '../../x' },
  { strokeColor: 'url(https://example.org)' },
  { backgroundColor: 'red;background:url(x)' },
  { opacity: '1' },
])('%j is not taken', wrong => {
  expect(toElement(entryOf(wrong))).toBeUndefined()
})

it.each(['', 'no JSON', '7', 'null', '[]', 'e1.AAAA'])('%j is no element', value => {
  expect(toElement({ key: 'el/box-1', version: 1, nonce: 0, value })).toBeUndefined()
})
