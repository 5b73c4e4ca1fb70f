import { Avatar, cx } from '@parley/ui'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { togglePin } from '../view.ts'
import { ConnectionVeil } from './connection-veil.tsx'
import type { Size } from './geometry.ts'
import { NamePlate, tileDescription } from './name-plate.tsx'
import { SpeakingRing } from './speaking-ring.tsx'
import { StopSharing } from './stop-sharing.tsx'
import { TileOptions } from './tile-options.tsx'
import type { TileView } from './tiles.ts'
import { Undecodable } from './undecodable.tsx'
import { Video } from './video.tsx'

export interface TileProps extends Size {
  readonly tile: TileView
  /** Whose turn it is among the raised hands; 1 is next. */
  readonly turn: number | undefined
  /** The way to the server is lost. In a mesh the media may well go on; what does not keeps its last frame. */
  readonly offline: boolean
  readonly mirrored: boolean
  /** Stands over another tile. */
  readonly floating: boolean
}

/** One person, or one shared screen. Filled by its parent's size. */
export const Tile = memo(function Tile({ tile, turn, offline, mirrored, floating, width, height }: TileProps) {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const { participant, kind, video } = tile
  const { connection } = participant
  const broken = connection.status === 'reconnecting' || connection.status === 'failed'
  const held = broken || offline
  const visible = video !== undefined && !video.muted && (video.mediaTrack !== undefined || held)
  const roomy = width >= 150 && height >= 150
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; this is a person
    <div
      role="group"
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
        <Undecodable name={participant.name} codec={video.undecodable} roomy={roomy} />
      )}
      <ConnectionVeil name={participant.name} connection={connection} roomy={roomy} />
      <NamePlate tile={tile} turn={turn} roomy={width >= 140} />
      <TileOptions
        tile={tile}
        className="absolute! top-1.5 right-1.5 opacity-0 group-hover/tile:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100"
      />
    </div>
  )
})
