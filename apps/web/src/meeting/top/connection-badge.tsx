import { Popover } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState } from '../context.ts'
import { QualityBars } from '../stage/quality-bars.tsx'
import { showPanel } from '../view.ts'
import { badgeClass } from './badge.ts'
import { ownQuality } from './quality.ts'

/** The quality of our own connection; the popover shows it for each person. */
export function ConnectionBadge() {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const state = useRoomState()
  return (
    <Popover
      title={t('connection.title')}
      align="end"
      trigger={
        <button type="button" aria-label={t('connection.open')} className={badgeClass}>
          <QualityBars quality={ownQuality(state)} />
        </button>
      }
    >
      <div className="w-72 max-w-full space-y-3 text-[0.9375rem]">
        {state.participants.length === 0 ? (
          <p className="text-ink-soft">{t('connection.alone')}</p>
        ) : (
          <ul className="space-y-2">
            {state.participants.map(({ id, name, quality, connection }) => (
              <li key={id} className="flex items-center gap-3">
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <span className="text-sm text-ink-soft">{pathText(connection.status, quality, t)}</span>
                <QualityBars quality={connection.status === 'connected' ? quality : undefined} />
              </li>
            ))}
          </ul>
        )}
        <button
          type="button"
          onClick={() => showPanel(view, 'statistics')}
          className="h-11 w-full rounded-lg bg-control px-4 font-medium hover:bg-control-hover"
        >
          {t('statistics')}
        </button>
      </div>
    </Popover>
  )
}

type Translate = ReturnType<typeof useTranslation<'meeting'>>['t']
type Participant = ReturnType<typeof useRoomState>['participants'][number]

function pathText(status: Participant['connection']['status'], quality: Participant['quality'], t: Translate): string {
  if (status !== 'connected') return t(`path.${status}`)
  return quality === undefined ? t('quality.unknown') : t(`quality.${quality}`)
}
