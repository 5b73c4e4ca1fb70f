import type { FileTransfer } from '@parley/client'
import { Button, IconButton } from '@parley/ui'
import { download, toast } from '@parley/ui/page'
import { ArrowDownToLine, ArrowUpFromLine, Check, Download, Pause, Play, RotateCw, Trash2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { fileSize } from './amounts.ts'
import { actionsFor, type FileAction } from './file-actions.ts'
import type { FileGroup } from './file-groups.ts'
import { useStateWords } from './use-state-words.ts'

const icons: Readonly<Record<FileAction, ReactNode>> = {
  accept: <Check size={18} aria-hidden="true" />,
  decline: <X size={18} aria-hidden="true" />,
  pause: <Pause size={18} aria-hidden="true" />,
  resume: <Play size={18} aria-hidden="true" />,
  cancel: <X size={18} aria-hidden="true" />,
  save: <Download size={18} aria-hidden="true" />,
  remove: <Trash2 size={18} aria-hidden="true" />,
}

/** One file, and how far it is on its way to or from each person. */
export function FileCard({ group: { name, size, direction, transfers } }: { readonly group: FileGroup }) {
  const { t, i18n } = useTranslation('files')
  const Icon = direction === 'incoming' ? ArrowDownToLine : ArrowUpFromLine
  return (
    <li className="rounded-xl border border-line px-3 py-2.5">
      <div className="flex items-start gap-3">
        <Icon size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-soft" />
        <div className="min-w-0 flex-1">
          <p className="text-[0.9375rem] font-medium [overflow-wrap:anywhere]">
            <bdi>{name}</bdi>
          </p>
          <p className="text-sm text-ink-soft">
            {fileSize(size, i18n.language)}
            {direction === 'incoming' && transfers[0] && ` · ${t('from', { person: transfers[0].person })}`}
          </p>
        </div>
      </div>
      <ul className="mt-1 space-y-1">
        {transfers.map(transfer => (
          <TransferLine key={transfer.key} transfer={transfer} />
        ))}
      </ul>
    </li>
  )
}

function TransferLine({ transfer }: { readonly transfer: FileTransfer }) {
  const { t } = useTranslation('files')
  const words = useStateWords(transfer)
  const { direction, person, state, bytes, size } = transfer
  const moves = ['transferring', 'waiting', 'paused', 'checking'].includes(state.status)
  const percent = size === 0 ? 100 : Math.floor((100 * bytes) / size)
  return (
    <li>
      <div className="flex min-h-11 flex-wrap items-center gap-x-1">
        <div className="min-w-0 flex-1 basis-40">
          {direction === 'outgoing' && <p className="truncate text-sm font-medium">{t('sentTo', { person })}</p>}
          <p className={`text-sm tabular-nums ${state.status === 'failed' ? 'text-danger-text' : 'text-ink-soft'}`}>
            {words}
          </p>
        </div>
        <Actions transfer={transfer} />
      </div>
      {moves && (
        <div
          role="progressbar"
          aria-label={t('progressOf', { name: transfer.name, person })}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-1.5 overflow-hidden rounded-full bg-control"
        >
          <div style={{ width: `${percent}%` }} className="h-full rounded-full bg-accent" />
        </div>
      )}
    </li>
  )
}

function Actions({ transfer }: { readonly transfer: FileTransfer }) {
  const { t } = useTranslation('files')
  const { room } = useMeeting()
  const { key, name, state } = transfer
  const run: Readonly<Record<FileAction, () => void>> = {
    accept: () => room.files.accept(key),
    decline: () => room.files.decline(key),
    pause: () => room.files.pause(key),
    resume: () => room.files.resume(key),
    cancel: () => room.files.cancel(key),
    remove: () => room.files.remove(key),
    save: () => {
      room.files.open(key).then(
        file => download(name, file),
        error => {
          console.warn(error)
          toast({ title: t('notSaved', { name }), tone: 'danger' })
        },
      )
    },
  }
  return actionsFor(transfer).map(action =>
    action === 'accept' || action === 'decline' ? (
      <Button
        key={action}
        variant={action === 'accept' ? 'primary' : 'ghost'}
        aria-label={t(`${action}File`, { name })}
        onClick={run[action]}
      >
        {t(action)}
      </Button>
    ) : (
      <IconButton
        key={action}
        label={t(`${action}File`, { name })}
        tooltip={t(action === 'resume' && state.status === 'failed' ? 'again' : action)}
        icon={
          action === 'resume' && state.status === 'failed' ? <RotateCw size={18} aria-hidden="true" /> : icons[action]
        }
        onClick={run[action]}
      />
    ),
  )
}
