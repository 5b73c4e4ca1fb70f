import { describe, expect, it } from 'vitest'
import { type KeyPress, keyName } from './shortcuts.ts'

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...held,
})

describe('keyName', () => {
  it.each([
    ['m', 'KeyM', 'm'],
    ['M', 'KeyM', 'm'],
    ['ь', 'KeyM', 'm'],
    ['?', 'Slash', '?'],
    ['/', 'Digit7', '/'],
    ['m', 'Semicolon', 'm'],
    [' ', 'Space', 'Space'],
    ['Escape', 'Escape', 'Escape'],
  ])('%s on %s is %s', (key, code, name) => {
    expect(keyName(press(key, code))).toBe(name)
  })

  it.each(['ctrlKey', 'metaKey', 'altKey', 'isComposing'] as const)('leaves keys with %s to others', held => {
    expect(keyName(press('m', 'KeyM', { [held]: true }))).toBeUndefined()
  })
})
