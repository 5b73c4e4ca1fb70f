import type { RecordingMode } from '@parley/recording'
import { Button, cx, Dialog, Select } from '@parley/ui'
import { CircleDot, Film, Layers } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting, useRoomState, useView } from '../context.ts'
import { looks, recorder } from './page-recorder.ts'

const modes: Record<RecordingMode, ReactNode> = {
  composed: <Film size={20} aria-hidden="true" />,
  tracks: <Layers size={20} aria-hidden="true" />,
}
const layouts = ['grid', 'speaker'] as const

/** Says what is recorded and where it is kept, before it starts. */
export function RecordDialog() {
  const { t } = useTranslation('recording')
  const { room, view } = useMeeting()
  const { encrypted } = useRoomState()
  const open = useView(state => state.dialog === 'record')
  const [mode, setMode] = useState<RecordingMode>('composed')
  const [layout, setLayout] = useState<(typeof layouts)[number]>('grid')
  const close = () => view.setState({ dialog: undefined })
  const start = () => {
    close()
    void recorder.start(room, { mode, layout, ...looks })
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('title')}
      description={t('kept')}
      closeLabel={t('close')}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button variant="primary" icon={<CircleDot size={18} aria-hidden="true" />} onClick={start}>
            {t('start')}
          </Button>
        </>
      }
    >
      <fieldset className="space-y-2">
        <legend className="mb-2 text-sm font-semibold text-ink-soft">{t('what')}</legend>
        {(Object.keys(modes) as RecordingMode[]).map(each => (
          <label
            key={each}
            className={cx(
              'flex cursor-pointer items-start gap-3 rounded-lg border p-3 has-focus-visible:outline-2 has-focus-visible:outline-focus',
              mode === each ? 'border-accent bg-accent-soft' : 'border-line hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="recording-mode"
              checked={mode === each}
              onChange={() => setMode(each)}
              className="mt-0.5 size-5 shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="flex items-center gap-2 font-medium">
                {modes[each]}
                {t(`mode.${each}`)}
              </span>
              <span className="mt-0.5 block text-sm text-ink-soft">{t(`mode.${each}Hint`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {mode === 'composed' && (
        <div className="mt-4">
          <Select
            label={t('layout')}
            value={layout}
            options={layouts.map(value => ({ value, label: t(`layout.${value}`) }))}
            onChange={setLayout}
          />
        </div>
      )}
      {encrypted && <p className="mt-4 rounded-lg bg-warn-soft p-3 text-sm text-warn-text">{t('encrypted')}</p>}
    </Dialog>
  )
}
