import type { ClientErrorCode, Session } from '@parley/client'
import { codeOf, languageTags, useSession, useSettings } from '@parley/ui/page'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isClosed } from './join-state.ts'

const everyMs = 4000

/** Who is in a room, as seen before joining; or why this person may not see it and so may not join either. */
export type Inside =
  | { readonly is: 'open'; readonly names: readonly string[]; readonly capacity: number }
  | { readonly is: 'refused'; readonly code: ClientErrorCode }

/** Asks every few seconds who is in the room, while the page is visible. */
export function useInside(room: string): Inside | undefined {
  const connection = useSession(state => state.connection)
  const session = connection.status === 'connected' ? connection.session : undefined
  const [inside, setInside] = useState<Inside>()

  useEffect(() => {
    if (!session) return
    let stopped = false
    const look = async () => {
      if (document.hidden) return
      const found = await peek(session, room)
      if (!stopped) setInside(found)
    }
    void look()
    const timer = setInterval(() => void look(), everyMs)
    return () => {
      stopped = true
      clearInterval(timer)
    }
  }, [session, room])

  return inside
}

async function peek(session: Session, room: string): Promise<Inside | undefined> {
  try {
    const { participants, capacity } = await session.peek(room)
    return { is: 'open', names: participants, capacity }
  } catch (error) {
    const code = codeOf(error)
    return code && isClosed(code) ? { is: 'refused', code } : undefined // Others pass, or joining reports them.
  }
}

export function WhoIsInside({ inside }: { readonly inside: Inside | undefined }) {
  const { t } = useTranslation('greenRoom')
  const tag = languageTags[useSettings(settings => settings.language)]
  if (inside?.is !== 'open') return <p className="h-6" />
  const { names } = inside
  if (names.length === 0) return <p className="text-ink-soft">{t('nobodyInside')}</p>
  const shown = names.slice(0, names.length > 3 ? 2 : 3)
  const others = names.length - shown.length
  const list = new Intl.ListFormat(tag).format(others > 0 ? [...shown, t('others', { count: others })] : shown)
  return <p className="text-ink-soft">{t('inside', { names: list, count: names.length })}</p>
}
