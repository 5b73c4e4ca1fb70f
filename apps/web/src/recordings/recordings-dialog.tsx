import type { SavedRecording } from '@parley/recording'
import { Dialog, Spinner } from '@parley/ui'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { countKept, loadKit, showRecordings } from './kept.ts'
import { RecordingRow } from './recording-row.tsx'
import { recordingCode } from './words.ts'

type Found =
  | { readonly status: 'looking' }
  | { readonly status: 'found'; readonly recordings: readonly SavedRecording[] }
  | { readonly status: 'failed'; readonly error: unknown }

/** The recordings on this device: play, download, delete, repair. */
export function RecordingsDialog() {
  const { t } = useTranslation('recording')
  const [found, setFound] = useState<Found>({ status: 'looking' })
  const look = useCallback(async () => {
    try {
      const { Recordings } = await loadKit()
      const recordings = await new Recordings().list()
      countKept(recordings.length)
      setFound({ status: 'found', recordings })
    } catch (error) {
      console.warn('Recordings could not be listed:', error)
      setFound({ status: 'failed', error })
    }
  }, [])
  useEffect(() => void look(), [look])
  return (
    <Dialog
      open
      onClose={() => showRecordings(false)}
      title={t('recordings')}
      description={t('recordings.hint')}
      size="lg"
      closeLabel={t('close')}
    >
      {found.status === 'looking' && (
        <p className="flex items-center gap-3 py-6 text-ink-soft">
          <Spinner /> {t('loadingList')}
        </p>
      )}
      {found.status === 'failed' && (
        <p role="alert" className="py-6 text-danger-text">
          {t('recordings.failed')}. {t(`error.${recordingCode(found.error)}`)}
        </p>
      )}
      {found.status === 'found' && found.recordings.length === 0 && (
        <p className="py-6 text-ink-soft">{t('recordings.none')}</p>
      )}
      {found.status === 'found' && found.recordings.length > 0 && (
        <ul className="-mx-2 divide-y divide-line">
          {found.recordings.map(recording => (
            <RecordingRow key={recording.id} recording={recording} onChanged={() => void look()} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}
