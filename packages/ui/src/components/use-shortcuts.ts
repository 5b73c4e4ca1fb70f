import { useEffect, useRef } from 'react'
import { keepsKey, keyName, type Shortcut } from './shortcuts.ts'

/**
 * Makes a table of shortcuts work on the whole page, except while typing, in menus and dialogs, and with Ctrl, Alt or
 * Meta. A held key that has an `up` also counts as released when the window loses focus.
 */
export function useShortcuts(table: readonly Shortcut[], enabled = true): void {
  const current = useRef(table)
  current.current = table

  useEffect(() => {
    if (!enabled) return
    const held = new Map<string, Shortcut>()

    const down = (event: KeyboardEvent) => {
      const name = keyName(event)
      if (name === undefined || event.defaultPrevented) return
      const shortcut = current.current.find(entry => entry.key === name)
      if (!shortcut) return
      const target = event.target instanceof Element ? event.target : null
      if (!shortcut.everywhere && keepsKey(target, name)) return
      event.preventDefault()
      if (event.repeat) return
      if (shortcut.up) held.set(event.code, shortcut)
      shortcut.down(event)
    }
    const up = (event: KeyboardEvent) => {
      const shortcut = held.get(event.code)
      held.delete(event.code)
      shortcut?.up?.(event)
    }
    const letGo = () => {
      for (const [code, shortcut] of held) shortcut.up?.(new KeyboardEvent('keyup', { code }))
      held.clear()
    }

    document.addEventListener('keydown', down)
    document.addEventListener('keyup', up)
    window.addEventListener('blur', letGo)
    return () => {
      letGo()
      document.removeEventListener('keydown', down)
      document.removeEventListener('keyup', up)
      window.removeEventListener('blur', letGo)
    }
  }, [enabled])
}
