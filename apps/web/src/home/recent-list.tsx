import { IconButton, useNow } from '@parley/ui'
import { languageTags, toast, useSettings } from '@parley/ui/page'
import { Clock, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { roomPath } from '../room-link.ts'
import { ago, forgetRoom, type RecentRoom, setRecentRooms, useRecentRooms } from './recent-rooms.ts'

/** Rooms this browser has been in; renders nothing if there are none. */
export function RecentList() {
  const { t } = useTranslation('home')
  const { t: common } = useTranslation()
  const rooms = useRecentRooms(state => state.rooms)
  const now = useNow(rooms.length > 0 ? 30_000 : undefined)
  const tag = languageTags[useSettings(settings => settings.language)]
  if (rooms.length === 0) return null

  const removed = (before: readonly RecentRoom[], title: string) => {
    toast({ id: 'recent', title, action: { label: common('undo'), onSelect: () => setRecentRooms(before) } })
  }
  const removeOne = (name: string) => {
    forgetRoom(name)
    removed(rooms, t('removed', { room: name }))
  }
  const removeAll = () => {
    setRecentRooms([])
    removed(rooms, t('removedAll'))
  }

  return (
    <section aria-labelledby="recent" className="mt-12 sm:max-w-md">
      <div className="flex items-center justify-between">
        <h2 id="recent" className="text-sm font-semibold text-ink-soft">
          {t('recent')}
        </h2>
        <button
          type="button"
          onClick={removeAll}
          className="-mr-3 h-11 rounded-lg px-3 text-sm text-ink-soft hover:bg-hover hover:text-ink"
        >
          {t('removeAll')}
        </button>
      </div>
      <ul className="-mx-3">
        {rooms.map(({ name, at }) => (
          <li key={name} className="group flex items-center rounded-lg hover:bg-hover">
            <Link href={roomPath(name)} className="flex h-12 min-w-0 flex-1 items-center gap-3 rounded-lg px-3">
              <Clock size={18} aria-hidden="true" className="shrink-0 text-ink-soft" />
              <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
              <span className="shrink-0 text-sm text-ink-soft">{ago(at, now, tag)}</span>
            </Link>
            <IconButton
              label={t('removeRoom', { room: name })}
              icon={<X size={18} aria-hidden="true" />}
              onClick={() => removeOne(name)}
              className="text-ink-soft"
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
