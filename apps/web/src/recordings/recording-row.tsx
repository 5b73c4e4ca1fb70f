import type { RecordedFile, SavedRecording } from '@parley/recording'
import { Button, IconButton } from '@parley/ui'
import { languageTags, toast, useSettings } from '@parley/ui/page'
import { Download, Play, Trash2, TriangleAlert, Wrench, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration, isoDuration } from '../meeting/top/clock.ts'
import { loadKit } from './kept.ts'
import { formatBytes, formatStart, recordingCode } from './words.ts'

interface RowProps {
  readonly recording: SavedRecording
  /** It was deleted or repaired. */
  readonly onChanged: () => void
}

/** One recording, with its files. */
export function RecordingRow({ recording, onChanged }: RowProps) {
  const { t } = useTranslation('recording')
  const language = languageTags[useSettings(settings => settings.language)]
  const { room, startedAt, durationMs, bytes, state, files } = recording
  const name = room || t('unnamed')
  return (
    <li className="px-2 py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-48 flex-1">
          <h3 className="font-semibold break-words">{name}</h3>
          <p className="text-sm text-ink-soft tabular-nums">
            {[formatStart(startedAt, language), formatBytes(bytes, language)].join(' · ')}
            {' · '}
            <time dateTime={isoDuration(durationMs)}>{formatDuration(durationMs)}</time>
            {files.length > 1 && ` · ${t('files', { count: files.length })}`}
          </p>
          {state === 'running' && <p className="text-sm text-accent-text">{t('running')}</p>}
        </div>
        {state !== 'running' && <DeleteButton id={recording.id} name={name} onDeleted={onChanged} />}
      </div>
      {state === 'interrupted' && <Interrupted id={recording.id} name={name} onRepaired={onChanged} />}
      {state === 'finished' && (
        <ul className="mt-2 space-y-2">
          {files.map(file => (
            <FileLine key={file.path} id={recording.id} file={file} room={name} />
          ))}
        </ul>
      )}
    </li>
  )
}

/** One file: whose it is, and what can be done with it. */
function FileLine({ id, file, room }: { readonly id: string; readonly file: RecordedFile; readonly room: string }) {
  const { t } = useTranslation('recording')
  const language = languageTags[useSettings(settings => settings.language)]
  const url = useFileUrl(id, file.path)
  const [playing, setPlaying] = useState(false)
  const { track, startMs, durationMs = 0, bytes } = file
  const whose = track && t('trackOf', { name: track.name, source: t(`source.${track.source}`) })
  const name = whose ?? room
  const details = [
    formatDuration(durationMs),
    formatBytes(bytes, language),
    ...(startMs >= 1000 ? [t('startsAt', { time: formatDuration(startMs) })] : []),
  ]
  return (
    <li>
      <div className="flex flex-wrap items-center gap-2">
        {whose !== undefined && (
          <div className="min-w-40 flex-1">
            <p className="text-[0.9375rem] break-words">{whose}</p>
            <p className="text-sm text-ink-soft tabular-nums">{details.join(' · ')}</p>
          </div>
        )}
        <Button
          aria-label={t(playing ? 'hideOf' : 'playOf', { name })}
          aria-expanded={playing}
          disabled={url === undefined}
          icon={playing ? <X size={18} aria-hidden="true" /> : <Play size={18} aria-hidden="true" />}
          onClick={() => setPlaying(!playing)}
        >
          {t(playing ? 'playing' : 'play')}
        </Button>
        <Button
          aria-label={t('downloadOf', { name: file.name })}
          disabled={url === undefined}
          icon={<Download size={18} aria-hidden="true" />}
          onClick={() => url !== undefined && saveAs(url, file.name)}
        >
          {t('download')}
        </Button>
      </div>
      {playing && url !== undefined && <Player url={url} audio={file.mimeType.startsWith('audio/')} name={name} />}
    </li>
  )
}

function Player({ url, audio, name }: { readonly url: string; readonly audio: boolean; readonly name: string }) {
  if (audio) {
    // biome-ignore lint/a11y/useMediaCaption: what was just said has no captions
    return <audio src={url} controls autoPlay aria-label={name} className="mt-2 w-full" />
  }
  return (
    // biome-ignore lint/a11y/useMediaCaption: what was just said has no captions
    <video
      src={url}
      controls
      autoPlay
      playsInline
      aria-label={name}
      className="mt-2 aspect-video w-full rounded-lg bg-black"
    />
  )
}

/** Asks once more, in its own place, because nothing brings a recording back. */
function DeleteButton({
  id,
  name,
  onDeleted,
}: {
  readonly id: string
  readonly name: string
  readonly onDeleted: () => void
}) {
  const { t } = useTranslation('recording')
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    try {
      const { Recordings } = await loadKit()
      await new Recordings().delete(id)
      onDeleted()
    } catch (error) {
      console.warn('A recording could not be deleted:', error)
      toast({ title: t('delete.failed'), description: t(`error.${recordingCode(error)}`), tone: 'danger' })
      setBusy(false)
    }
  }
  if (!asking) {
    return (
      <IconButton
        label={t('deleteOf', { name })}
        tooltip={t('delete')}
        icon={<Trash2 size={18} aria-hidden="true" />}
        onClick={() => setAsking(true)}
      />
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields
    <div role="group" aria-label={t('deleteOf', { name })} className="flex flex-wrap items-center gap-2">
      <span className="text-sm">{t('deleteSure')}</span>
      <Button autoFocus onClick={() => setAsking(false)} disabled={busy}>
        {t('deleteKeep')}
      </Button>
      <Button variant="danger" busy={busy} onClick={() => void remove()}>
        {t('delete')}
      </Button>
    </div>
  )
}

function Interrupted({
  id,
  name,
  onRepaired,
}: {
  readonly id: string
  readonly name: string
  readonly onRepaired: () => void
}) {
  const { t } = useTranslation('recording')
  const [progress, setProgress] = useState<number>()
  const repair = async () => {
    setProgress(0)
    try {
      const { Recordings } = await loadKit()
      await new Recordings().recover(id, setProgress)
      toast({ id: 'repair', title: t('repair.done') })
      onRepaired()
    } catch (error) {
      console.warn('A recording could not be repaired:', error)
      toast({
        id: 'repair',
        title: t('repair.failed'),
        description: t(`error.${recordingCode(error)}`),
        tone: 'danger',
      })
      setProgress(undefined)
    }
  }
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg bg-warn-soft py-2 pr-2 pl-3">
      <TriangleAlert size={18} aria-hidden="true" className="shrink-0 text-warn-text" />
      <p className="min-w-48 flex-1 text-sm">
        <strong className="font-semibold text-warn-text">{t('interruptedMark')}</strong>
        <br />
        {t('interruptedRow')} {t('interruptedHint')}
      </p>
      <Button
        variant="primary"
        aria-label={t('repairOf', { name })}
        busy={progress !== undefined}
        icon={<Wrench size={18} aria-hidden="true" />}
        onClick={() => void repair()}
      >
        {progress === undefined ? t('repair') : t('repairing', { percent: Math.round(progress * 100) })}
      </Button>
    </div>
  )
}

/** The address of a file on disk, for this page alone; undefined until it is found. */
function useFileUrl(id: string, path: string): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    let gone = false
    let made: string | undefined
    const open = async () => {
      const { Recordings } = await loadKit()
      const file = await new Recordings().file(id, path)
      if (gone) return
      made = URL.createObjectURL(file)
      setUrl(made)
    }
    open().catch((error: unknown) => console.warn('A recorded file cannot be opened:', error))
    return () => {
      gone = true
      if (made !== undefined) URL.revokeObjectURL(made)
    }
  }, [id, path])
  return url
}

function saveAs(url: string, name: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
