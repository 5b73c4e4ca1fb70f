import { Hand, LockKeyhole, MicOff, MonitorUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isClosed } from '../top/protection.ts'
import { QualityBars } from './quality-bars.tsx'
import type { TileView } from './tiles.ts'

interface NamePlateProps {
  readonly tile: TileView
  readonly turn: number | undefined
  /** Whether there is room for more than the name. */
  readonly roomy: boolean
}

/** Who this is, whether they can be heard, and how well they are connected. */
export function NamePlate({ tile, turn, roomy }: NamePlateProps) {
  const { t } = useTranslation('meeting')
  const { participant, kind, self, microphone } = tile
  const silent = kind === 'camera' && microphone !== 'on'
  return (
    <div className="pointer-events-none absolute inset-x-2 bottom-2 flex items-end justify-between gap-2">
      <div className="flex h-7 min-w-0 items-center gap-1.5 rounded-md bg-black/65 px-2 text-[0.8125rem] font-medium text-white">
        {silent && <MicOff size={14} aria-hidden="true" className="shrink-0 text-[#ff9b9d]" />}
        {kind === 'screen' && <MonitorUp size={14} aria-hidden="true" className="shrink-0" />}
        {participant.encryption === 'on' && <LockKeyhole size={13} aria-hidden="true" className="shrink-0" />}
        <span className="truncate">{tileTitle(tile, t)}</span>
        {roomy && !self && participant.quality !== undefined && kind === 'camera' && (
          <QualityBars quality={participant.quality} reason={participant.qualityReason} />
        )}
      </div>
      {turn !== undefined && kind === 'camera' && (
        <div className="flex h-7 shrink-0 items-center gap-1 rounded-md bg-[#f3c663] px-2 text-[0.8125rem] font-semibold text-[#2b1d00]">
          <Hand size={14} aria-hidden="true" />
          {turn}
        </div>
      )}
    </div>
  )
}

type Translate = ReturnType<typeof useTranslation<'meeting'>>['t']

/** The visible name on the tile. */
export function tileTitle({ kind, self, participant }: TileView, t: Translate): string {
  if (kind === 'screen') return self ? t('yourScreen') : t('screenOf', { name: participant.name })
  return self ? t('you') : participant.name
}

/** The title plus what the tile's icons mean, for screen readers. */
export function tileDescription(tile: TileView, turn: number | undefined, t: Translate): string {
  const { kind, microphone, video } = tile
  const parts = [tileTitle(tile, t)]
  const { encryption } = tile.participant
  if (encryption === 'on') parts.push(t('encryption.title'))
  if (isClosed(encryption)) parts.push(t(`encryptionOf.${encryption}`))
  if (kind === 'camera') {
    if (microphone !== 'on') parts.push(t(microphone === 'muted' ? 'microphoneIsOff' : 'noMicrophone'))
    if (!video || video.muted) parts.push(t('cameraIsOff'))
    if (turn !== undefined) parts.push(t('handIsUp', { turn }))
  }
  return parts.join(', ')
}
