import { useSettings } from '@parley/ui/page'

/** How a key is shown beside what it does; undefined while shortcuts are switched off. */
export function useShortcutName(): (key: string) => string | undefined {
  const on = useSettings(settings => settings.shortcuts)
  return key => (on ? key.toUpperCase() : undefined)
}
