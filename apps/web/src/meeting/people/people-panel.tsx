import { Avatar, Button } from '@parley/ui'
import { Hand, Mic, MicOff, MonitorUp, TriangleAlert, UserPlus, Video, VideoOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState } from '../context.ts'
import { ScrollArea } from '../panels/scroll-area.tsx'
import { isSharing, microphoneOf, trackOf } from '../stage/tiles.ts'
import { type PersonLine, personLines } from './hands.ts'

/** Who is here, with the state of their devices; raised hands first. */
export function PeoplePanel() {
  const { t } = useTranslation('meeting')
  const { view, call } = useMeeting()
  const state = useRoomState()
  const lines = personLines(state)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {!call && (
        <div className="shrink-0 px-5 pb-3">
          <Button
            block
            variant="soft"
            icon={<UserPlus size={18} aria-hidden="true" />}
            onClick={() => view.setState({ dialog: 'invite' })}
          >
            {t('invite')}
          </Button>
        </div>
      )}
      <ScrollArea label={t('people')} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <ul aria-label={t('people.list')}>
          {lines.map(line => (
            <Person key={line.participant.id} line={line} />
          ))}
        </ul>
      </ScrollArea>
    </div>
  )
}

function Person({ line: { participant, turn } }: { readonly line: PersonLine }) {
  const { t } = useTranslation('meeting')
  const microphone = microphoneOf(participant)
  const camera = trackOf(participant, 'camera')
  const cameraOn = camera !== undefined && !camera.muted
  const { status } = participant.connection
  return (
    <li className="flex min-h-14 items-center gap-3 rounded-lg px-3 py-1.5">
      <Avatar name={participant.name} identity={participant.identity} size="sm" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-[0.9375rem] font-medium">
          {participant.name}
          {participant.local && <span className="font-normal text-ink-soft"> ({t('you')})</span>}
        </p>
        {status !== 'connected' && <p className="truncate text-sm text-ink-soft">{t(`path.${status}`)}</p>}
      </div>
      {turn !== undefined && (
        <span
          title={t('handIsUp', { turn })}
          className="flex h-7 items-center gap-1 rounded-md bg-warn-soft px-2 text-sm font-semibold text-warn-text"
        >
          <Hand size={14} aria-hidden="true" />
          <span aria-hidden="true">{turn}</span>
          <span className="sr-only">{t('handIsUp', { turn })}</span>
        </span>
      )}
      <span className="flex items-center gap-2.5 text-ink-soft">
        {status === 'failed' && (
          <State
            label={t('path.failed')}
            icon={<TriangleAlert size={18} aria-hidden="true" className="text-danger-text" />}
          />
        )}
        {isSharing(participant) && (
          <State
            label={t('people.sharing')}
            icon={<MonitorUp size={18} aria-hidden="true" className="text-accent-text" />}
          />
        )}
        <State
          label={t(cameraOn ? 'cameraIsOn' : 'cameraIsOff')}
          icon={
            cameraOn ? (
              <Video size={18} aria-hidden="true" />
            ) : (
              <VideoOff size={18} aria-hidden="true" className="text-danger-text" />
            )
          }
        />
        <State
          label={t(
            microphone === 'on' ? 'microphoneIsOn' : microphone === 'muted' ? 'microphoneIsOff' : 'noMicrophone',
          )}
          icon={
            microphone === 'on' ? (
              <Mic size={18} aria-hidden="true" />
            ) : (
              <MicOff size={18} aria-hidden="true" className="text-danger-text" />
            )
          }
        />
      </span>
    </li>
  )
}

function State({ label, icon }: { readonly label: string; readonly icon: ReactNode }) {
  return (
    <span title={label} className="inline-flex *:shrink-0">
      {icon}
      <span className="sr-only">{label}</span>
    </span>
  )
}
