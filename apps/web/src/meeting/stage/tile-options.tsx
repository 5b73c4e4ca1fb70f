import { Button, IconButton, Popover } from '@parley/ui'
import { Camera, Ellipsis, EyeOff, Paperclip, Pin, PinOff, Volume2, VolumeX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useView } from '../context.ts'
import { saveSnapshot } from '../tools/save-snapshot.ts'
import { takeTileSnapshot } from '../tools/snapshot.ts'
import { setVolume, showPanel, togglePin } from '../view.ts'
import { tileTitle } from './name-plate.tsx'
import type { TileView } from './tiles.ts'

/** Pin, volume and hide: what a person can change about a tile in their own view. */
export function TileOptions({ tile, className }: { readonly tile: TileView; readonly className: string }) {
  const { t } = useTranslation('meeting')
  const { t: files } = useTranslation('files')
  const { t: recordingText } = useTranslation('recording')
  const { view, room } = useMeeting()
  const [open, setOpen] = useState(false)
  const pinned = useView(state => state.pinned === tile.key)
  const title = tileTitle(tile, t)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title={title}
      side="bottom"
      align="end"
      trigger={
        <IconButton
          label={t('optionsFor', { name: title })}
          tooltip={t('options')}
          icon={<Ellipsis size={20} aria-hidden="true" />}
          className={`bg-black/65 text-white hover:bg-black/85 pointer-coarse:bg-transparent pointer-coarse:drop-shadow-[0_0_2px_black] ${className}`}
        />
      }
    >
      <div className="flex w-64 flex-col gap-2">
        <Button
          variant="control"
          className="justify-start"
          icon={pinned ? <PinOff size={18} aria-hidden="true" /> : <Pin size={18} aria-hidden="true" />}
          onClick={() => {
            togglePin(view, tile.key)
            setOpen(false)
          }}
        >
          {t(pinned ? 'unpin' : 'pin')}
        </Button>
        {tile.video?.mediaTrack && (
          <Button
            variant="control"
            className="justify-start"
            icon={<Camera size={18} aria-hidden="true" />}
            onClick={() => {
              setOpen(false)
              void saveSnapshot(view, t, () => takeTileSnapshot(room.state.name, tile.key), tile.key)
            }}
          >
            {recordingText('snapshotOf')}
          </Button>
        )}
        {tile.self && tile.kind === 'camera' && (
          <Button
            variant="control"
            className="justify-start"
            icon={<EyeOff size={18} aria-hidden="true" />}
            onClick={() => view.setState({ hideSelf: true, pinned: undefined })}
          >
            {t('hideSelf')}
          </Button>
        )}
        {!tile.self && tile.participant.via === undefined && (
          <Button
            variant="control"
            className="justify-start"
            icon={<Paperclip size={18} aria-hidden="true" />}
            onClick={() => {
              view.setState({ filesTo: tile.participant.id })
              showPanel(view, 'files')
              setOpen(false)
            }}
          >
            {files('sendTo')}
          </Button>
        )}
        {!tile.self && <Volume participantId={tile.participant.id} name={tile.participant.name} />}
      </div>
    </Popover>
  )
}

function Volume({ participantId, name }: { readonly participantId: string; readonly name: string }) {
  const { t } = useTranslation('meeting')
  const { view } = useMeeting()
  const volume = useView(state => state.volumes.get(participantId) ?? 1)
  const Icon = volume === 0 ? VolumeX : Volume2
  return (
    <label className="flex h-11 items-center gap-3 px-1">
      <Icon size={18} aria-hidden="true" className="shrink-0 text-ink-soft" />
      <span className="sr-only">{t('volumeOf', { name })}</span>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        value={Math.round(volume * 100)}
        onChange={event => setVolume(view, participantId, event.currentTarget.valueAsNumber / 100)}
        className="h-11 min-w-0 flex-1 accent-accent"
      />
      <span aria-hidden="true" className="w-12 text-right text-sm whitespace-nowrap tabular-nums text-ink-soft">
        {Math.round(volume * 100)} %
      </span>
    </label>
  )
}
