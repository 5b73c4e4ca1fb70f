import { useSettings } from '@parley/ui/page'

/** Formats a key for display beside its action; undefined while shortcuts are switched off. */
export function useShortcutName(): (key: string) => string | undefined {
  const on = useSettings(settings => settings.shortcuts)
  return key => (on ? key.toUpperCase() : undefined)
}
