import { Button } from '@parley/ui'
import { copyText, toast } from '@parley/ui/page'
import { Copy, Trash2 } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Card, ScrollBox } from '../shell/card.tsx'
import { type EntryKind, type LogEntry, logToText } from './log.ts'
import { clearLog } from './store.ts'

const marks: Record<EntryKind, { readonly sign: string; readonly className: string }> = {
  call: { sign: '→', className: 'text-ink' },
  done: { sign: '✓', className: 'text-ink-soft' },
  state: { sign: '●', className: 'text-accent-text' },
  candidate: { sign: '◇', className: 'text-ink-soft' },
  event: { sign: '!', className: 'text-warn-text' },
  error: { sign: '✗', className: 'text-danger-text' },
}

interface LogCardProps {
  readonly log: readonly LogEntry[]
  readonly startedAt: number
  readonly live: boolean
}

/** The log of caller and callee side by side, in chronological order. */
export function LogCard({ log, startedAt, live }: LogCardProps) {
  const { t } = useTranslation('labLoopback')
  const { t: shell } = useTranslation('labShell')
  const copy = async () => {
    const copied = await copyText(logToText(log, startedAt))
    toast({ id: 'lab-copied', title: copied ? t('logCopied') : shell('copy.refused') })
  }
  return (
    <Card
      title={t('log')}
      hint={t('logHint')}
      actions={
        <>
          <Button disabled={log.length === 0} icon={<Copy size={18} aria-hidden="true" />} onClick={() => void copy()}>
            {t('logCopy')}
          </Button>
          {live && (
            <Button disabled={log.length === 0} icon={<Trash2 size={18} aria-hidden="true" />} onClick={clearLog}>
              {t('logClear')}
            </Button>
          )}
        </>
      }
    >
      {log.length === 0 ? (
        <p className="text-sm text-ink-soft">{t('logEmpty')}</p>
      ) : (
        <ScrollBox label={t('logLines')} className="max-h-[32rem]">
          <table className="w-full table-fixed border-collapse text-left font-mono text-xs">
            <thead className="sticky top-0 z-10 bg-raised font-sans">
              <tr>
                <th scope="col" className="w-16 px-2 py-2 font-medium text-ink-soft sm:w-44 sm:px-3">
                  {t('logTime')}
                </th>
                <th scope="col" className="px-2 py-2 font-medium">
                  {t('side.caller')}
                </th>
                <th scope="col" className="px-2 py-2 font-medium">
                  {t('side.callee')}
                </th>
              </tr>
            </thead>
            <tbody>
              {log.map(entry => (
                <Row key={entry.id} entry={entry} startedAt={startedAt} />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Card>
  )
}

const Row = memo(function Row({ entry, startedAt }: { readonly entry: LogEntry; readonly startedAt: number }) {
  const { i18n } = useTranslation()
  const at = new Date(startedAt + entry.atMs)
  const clock = `${at.toLocaleTimeString(i18n.language, { hour12: false })}.${String(at.getMilliseconds()).padStart(3, '0')}`
  const cell = <Cell entry={entry} />
  return (
    <tr data-log={entry.kind} className="border-t border-line align-top">
      <td className="px-2 py-1.5 whitespace-nowrap text-ink-soft tabular-nums sm:px-3">
        <span className="max-sm:sr-only">{clock} </span>+{Math.round(entry.atMs)}
        <span className="max-sm:sr-only"> ms</span>
      </td>
      {entry.side === 'page' ? (
        <td colSpan={2} className="px-2 py-1.5">
          {cell}
        </td>
      ) : (
        <>
          <td className="px-2 py-1.5">{entry.side === 'caller' && cell}</td>
          <td className="px-2 py-1.5">{entry.side === 'callee' && cell}</td>
        </>
      )}
    </tr>
  )
})

function Cell({ entry: { kind, text, detail } }: { readonly entry: LogEntry }) {
  const { t } = useTranslation('labLoopback')
  const { sign, className } = marks[kind]
  const line = (
    <>
      <span aria-hidden="true" className="mr-1.5 inline-block w-3 text-center">
        {sign}
      </span>
      <span className="sr-only">{t(`kind.${kind}`)}: </span>
      <span className="wrap-anywhere">{text}</span>
    </>
  )
  if (!detail) return <div className={className}>{line}</div>
  return (
    <details className={className}>
      <summary className="cursor-pointer list-none underline decoration-dotted underline-offset-4">{line}</summary>
      <pre className="mt-1 rounded-md bg-sunken p-2 break-all whitespace-pre-wrap text-ink">{detail}</pre>
    </details>
  )
}
