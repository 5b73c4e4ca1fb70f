import { useCallback, useEffect, useState } from 'react'
import type { Codec } from '../report/permalink.ts'
import type { Settings } from '../report/report.ts'

/** A page's settings, kept in the URL after `#`, so that the URL is the permalink. */
export function useLabSettings<S extends Settings>(codec: Codec<S>): readonly [S, (patch: Partial<S>) => void] {
  const [settings, setSettings] = useState(() => codec.decode(location.hash))
  useEffect(() => {
    const follow = () => setSettings(codec.decode(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [codec])
  const change = useCallback(
    (patch: Partial<S>) =>
      setSettings(before => {
        const after = { ...before, ...patch }
        const hash = codec.encode(after)
        history.replaceState(history.state, '', hash === '' ? location.pathname : `#${hash}`)
        return after
      }),
    [codec],
  )
  return [settings, change]
}
