import type { Effects } from '@parley/effects/types'
import { readOwnPicture } from './own-picture.ts'

let loading: Promise<Effects> | undefined

/**
 * The effects, fetched when they are first used. What they need in turn comes from this server too.
 * @throws {TypeError} If they cannot be fetched. It may be tried again.
 */
export function loadEffects(): Promise<Effects> {
  if (loading) return loading
  const attempt = import('@parley/effects').then(({ createEffects }) =>
    createEffects({ assets: import.meta.env.VITE_EFFECTS_ASSETS, ownImage: readOwnPicture }),
  )
  loading = attempt
  attempt.catch(() => {
    if (loading === attempt) loading = undefined
  })
  return attempt
}
