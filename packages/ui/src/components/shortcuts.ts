import { isComposing } from './composing.ts'

/** One key and what it does. */
export interface Shortcut {
  /** `KeyboardEvent.key`, letters in lower case; `Space` for the space bar. */
  readonly key: string
  readonly down: (event: KeyboardEvent) => void
  /** For keys that are held. */
  readonly up?: (event: KeyboardEvent) => void
  /** Also works inside dialogs, menus and text fields; meant for Esc. */
  readonly everywhere?: boolean
}

/** The part of a key press that matching needs; a KeyboardEvent is one. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly isComposing: boolean
  readonly keyCode: number
}

/** The key's name in a shortcut table, also on non-Latin keyboards; undefined while Ctrl, Alt or Meta is held. */
export function keyName(press: KeyPress): string | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || isComposing(press)) return undefined
  if (press.code === 'Space') return 'Space'
  if (press.key.length > 1) return press.key
  const latin = /^[\x20-\x7e]$/.test(press.key)
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1]
  return (latin || !letter ? press.key : letter).toLowerCase()
}

const textInputs = 'input:not([type=checkbox],[type=radio],[type=range],[type=button],[type=submit]),textarea,select'
const ownKeys = `${textInputs},[contenteditable]:not([contenteditable=false]),[role=menu],[role=listbox],[role=dialog],[role=alertdialog]`
const pressable = 'button,a[href],summary,[role=button],[role=slider],input'

/** Whether this element handles the key itself, so that the page must not. */
export function keepsKey(element: Element | null, name: string): boolean {
  if (!element) return false
  if (element.closest(ownKeys)) return true
  return (name === 'Space' || name === 'Enter') && element.closest(pressable) !== null
}
