/**
 * Whether a key belongs to an input method that is composing. Safari ends the composition before it reports the key
 * that ended it, so that key can be recognised only by its key code 229 (UI Events §7.3.1).
 */
export function isComposing({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === 229
}
