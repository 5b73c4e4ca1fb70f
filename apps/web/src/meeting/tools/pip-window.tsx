import { Avatar } from '@parley/ui'
import { Mic, MicOff, PhoneOff, Video as VideoIcon, VideoOff } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../../media/store.ts'
import type { Actions } from '../bar/actions.ts'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { arrange } from '../stage/arrange.ts'
import { tileTitle } from '../stage/name-plate.tsx'
import { isMirrored, tileViews } from '../stage/tiles.ts'
import { useTrackView } from '../stage/use-track-view.ts'
import { Video } from '../stage/video.tsx'

/** The meeting in a small always-on-top window: the most important tile, mute, camera and hang up. */
export function PipWindow({ actions }: { readonly actions: Actions }) {
  const pip = useView(state => state.pip)
  useEffect(() => () => pip?.close(), [pip])
  if (!pip) return null
  return createPortal(<SmallMeeting actions={actions} />, pip.document.body)
}

function SmallMeeting({ actions }: { readonly actions: Actions }) {
  const { t } = useTranslation('meeting')
  const { t: common } = useTranslation()
  const { leave, call } = useMeeting()
  const state = useRoomState()
  const pinned = useView(view => view.pinned)
  const speaker = useView(view => view.speaker)
  const microphone = useMedia(media => media.microphone.status === 'on')
  const camera = useMedia(media => media.camera.status === 'on')
  const tiles = tileViews(state, false)
  const { main } = arrange(tiles, { layout: 'speaker', pinned, speaker, page: 0 }, { width: 400, height: 300 }, 0)
  const tile = tiles.find(({ key }) => key === main) ?? tiles[0]
  const element = useTrackView(tile, 'high')
  return (
    <div ref={element} className="relative h-dvh overflow-hidden bg-stage text-white">
      {tile && (
        <>
          <div className="absolute inset-0 flex items-center justify-center">
            <Avatar name={tile.participant.name} identity={tile.participant.identity} size="lg" />
          </div>
          {tile.video?.mediaTrack && !tile.video.muted && (
            <Video track={tile.video.mediaTrack} whole={tile.kind === 'screen'} mirrored={isMirrored(tile)} />
          )}
          <p className="absolute top-2 left-2 max-w-[80%] truncate rounded-md bg-black/65 px-2 py-0.5 text-sm">
            {tileTitle(tile, t)}
          </p>
        </>
      )}
      <div className="absolute inset-x-0 bottom-3 flex justify-center gap-2">
        <RoundButton
          label={common('device.muteMicrophone')}
          pressed={!microphone}
          onClick={actions.microphone}
          icon={microphone ? <Mic size={20} aria-hidden="true" /> : <MicOff size={20} aria-hidden="true" />}
        />
        <RoundButton
          label={common('device.turnCameraOff')}
          pressed={!camera}
          onClick={actions.camera}
          icon={camera ? <VideoIcon size={20} aria-hidden="true" /> : <VideoOff size={20} aria-hidden="true" />}
        />
        <RoundButton
          label={t(call ? 'hangUp' : 'leave')}
          onClick={leave}
          danger
          icon={<PhoneOff size={20} aria-hidden="true" />}
        />
      </div>
    </div>
  )
}

interface RoundButtonProps {
  readonly label: string
  readonly icon: ReactNode
  readonly onClick: () => void
  readonly pressed?: boolean
  readonly danger?: boolean
}

/** A plain button: tooltips would open in the other window. */
function RoundButton({ label, icon, onClick, pressed, danger = false }: RoundButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
      className={`flex size-11 items-center justify-center rounded-full ${
        danger || pressed
          ? 'bg-danger text-on-danger hover:bg-danger-hover'
          : 'bg-control text-ink hover:bg-control-hover'
      }`}
    >
      {icon}
    </button>
  )
}
