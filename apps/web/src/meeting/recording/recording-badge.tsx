import { Button, Popover, useNow } from '@parley/ui'
import { languageTags, useSettings } from '@parley/ui/page'
import { Square } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../recordings/words.ts'
import { useMeeting, useRoomState } from '../context.ts'
import { formatDuration, isoDuration } from '../top/clock.ts'
import { recorder, useRecorder } from './page-recorder.ts'
import { whoRecords } from './who-records.ts'

/** A red dot with the elapsed time, for everybody, while anybody records; the popover says who, and lets them stop. */
export function RecordingBadge() {
  const { t } = useTranslation('recording')
  const { room } = useMeeting()
  const people = whoRecords(useRoomState())
  const [first] = people
  useNow(first ? 1000 : undefined)
  if (!first) return null
  const elapsed = room.serverNow() - (first.recording ?? 0)
  const time = formatDuration(elapsed)
  const title =
    people.length > 1
      ? t('badge.several', { count: people.length })
      : t(first.local ? 'badge.you' : 'badge.other', { name: first.name })
  return (
    <Popover
      title={title}
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${t('badge.open', { time })}: ${title}`}
          className="flex h-11 min-w-11 shrink-0 items-center gap-2 rounded-lg px-2 text-sm font-semibold text-danger-text hover:bg-hover"
        >
          <span aria-hidden="true" className="size-2.5 rounded-full bg-danger motion-safe:animate-pulse" />
          <span aria-hidden="true" className="max-sm:hidden">
            {t('badge.short')}
          </span>
          <time dateTime={isoDuration(elapsed)} className="tabular-nums">
            {time}
          </time>
        </button>
      }
    >
      <div className="max-w-72 space-y-3 text-[0.9375rem] text-ink-soft">
        {people.length > 1 && (
          <ul className="text-ink">
            {people.map(({ id, name }) => (
              <li key={id} className="break-words">
                {name}
              </li>
            ))}
          </ul>
        )}
        <p>{t('badge.hint')}</p>
        <Own />
      </div>
    </Popover>
  )
}

/** Our own recording: how large it is, and its end. */
function Own() {
  const { t } = useTranslation('recording')
  const recording = useRecorder(state => (state.phase === 'recording' ? state.recording : undefined))
  const language = languageTags[useSettings(settings => settings.language)]
  if (!recording) return null
  return (
    <>
      <p>
        {t('badge.ownHint')} {t('badge.size', { size: formatBytes(recording.bytes, language) })}
      </p>
      <Button
        block
        variant="danger"
        icon={<Square size={16} fill="currentColor" aria-hidden="true" />}
        onClick={() => void recorder.stop()}
      >
        {t('stop')}
      </Button>
    </>
  )
}
