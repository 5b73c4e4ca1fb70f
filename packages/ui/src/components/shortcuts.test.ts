import { describe, expect, it } from 'vitest'
import { type KeyPress, keyName } from './shortcuts.ts'

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
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

  it('leaves the key that ended a composition to it, also where only its code tells', () => {
    expect(keyName(press('Enter', 'Enter', { keyCode: 229 }))).toBeUndefined()
    expect(keyName(press('Enter', 'Enter', { keyCode: 13 }))).toBe('Enter')
  })
})
