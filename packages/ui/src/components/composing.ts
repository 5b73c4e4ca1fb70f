/**
 * Whether a key belongs to an input method that is composing. Safari ends the composition before it tells of the key that
 * ended it: only the key code 229 is left to know it by (UI Events §7.3.1).
 */
export function isComposing({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === 229
}
