import type { ViewOptions } from '@parley/client'
import { Avatar, Button, cx } from '@parley/ui'
import { ScreenShareOff } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { togglePin } from '../view.ts'
import { ConnectionVeil } from './connection-veil.tsx'
import { EncryptionVeil } from './encryption-veil.tsx'
import type { Size } from './geometry.ts'
import { NamePlate, tileDescription } from './name-plate.tsx'
import { SpeakingRing } from './speaking-ring.tsx'
import { TileOptions } from './tile-options.tsx'
import type { TileView } from './tiles.ts'
import { useTrackView } from './use-track-view.ts'
import { Video } from './video.tsx'

export interface TileProps extends Size {
  readonly tile: TileView
  /** This person's turn among the raised hands; 1 is next. */
  readonly turn: number | undefined
  /** The server cannot be reached. In a mesh, media may still flow; a video that stops keeps its last frame. */
  readonly offline: boolean
  readonly mirrored: boolean
  /** Floats over another tile. */
  readonly floating: boolean
  /** Of its picture, where not everything fits. */
  readonly priority: NonNullable<ViewOptions['priority']>
}

/** One person or one shared screen. Fills its parent. */
export const Tile = memo(function Tile(props: TileProps) {
  const { tile, turn, offline, mirrored, floating, priority, width, height } = props
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const element = useTrackView(tile, priority)
  const { participant, kind, video } = tile
  const { connection } = participant
  const broken = connection.status === 'reconnecting' || connection.status === 'failed'
  const held = broken || offline
  const visible = video !== undefined && !video.muted && (video.mediaTrack !== undefined || held)
  const roomy = width >= 150 && height >= 150
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; this is a person
    <div
      ref={element}
      role="group"
      data-tile-key={tile.key}
      data-tile-identity={kind === 'camera' ? participant.identity : undefined}
      data-tile={kind === 'screen' ? t('screenOf', { name: participant.name }) : participant.name}
      aria-label={tileDescription(tile, turn, t)}
      onDoubleClick={() => togglePin(view, tile.key)}
      className={cx(
        'group/tile absolute inset-0 animate-tile overflow-hidden rounded-xl',
        kind === 'screen' ? 'bg-black' : 'bg-[#1f1d1b]',
        floating && 'shadow-pop outline outline-white/15',
      )}
    >
      {kind === 'camera' && (
        <div data-avatar className="absolute inset-0 flex items-center justify-center">
          <Avatar
            name={participant.name}
            identity={participant.identity}
            size={height < 110 ? 'md' : height < 240 ? 'lg' : 'xl'}
          />
        </div>
      )}
      {visible && (
        <Video track={video.mediaTrack} whole={kind === 'screen'} mirrored={mirrored} held={held} dimmed={broken} />
      )}
      {kind === 'camera' && <SpeakingRing participantId={participant.id} />}
      {kind === 'screen' && tile.self && <StopSharing roomy={roomy} />}
      {video?.undecodable !== undefined && !video.muted && (
        <Unseen
          what={t('undecodable')}
          why={t('undecodableWhy', { name: participant.name, codec: video.undecodable })}
          roomy={roomy}
        />
      )}
      {video?.unsent && !video.muted && <Unseen what={t('unsent')} why={t('unsentWhy')} roomy={roomy} />}
      <EncryptionVeil name={participant.name} encryption={participant.encryption} roomy={roomy} />
      <ConnectionVeil name={participant.name} connection={connection} roomy={roomy} />
      <NamePlate tile={tile} turn={turn} roomy={width >= 140} />
      <TileOptions
        tile={tile}
        className="absolute! top-1.5 right-1.5 opacity-0 group-hover/tile:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
      />
    </div>
  )
})

/** A stop button in the middle of the person's own screen tile, where they will look for it. */
function StopSharing({ roomy }: { readonly roomy: boolean }) {
  const { t } = useTranslation('meeting')
  const { share } = useMeeting()
  return (
    <div className="absolute inset-0 flex items-center justify-center">
      <Button
        variant="danger"
        aria-label={t('share.stop')}
        icon={<ScreenShareOff size={18} aria-hidden="true" />}
        onClick={() => void share.stop()}
        className="shadow-pop"
      >
        {roomy && t('share.stop')}
      </Button>
    </div>
  )
}

interface UnseenProps {
  readonly what: string
  readonly why: string
  /** Whether there is room for a sentence, or only for a few words. */
  readonly roomy: boolean
}

/** Shown in place of a video that cannot be shown. */
function Unseen({ what, why, roomy }: UnseenProps) {
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col items-center justify-center overflow-hidden bg-black/70 p-3 text-center text-white">
      <p className="line-clamp-2 text-sm font-medium">{what}</p>
      {roomy && <p className="mt-1 line-clamp-4 max-w-72 text-white/80 text-xs sm:text-sm">{why}</p>}
    </div>
  )
}
