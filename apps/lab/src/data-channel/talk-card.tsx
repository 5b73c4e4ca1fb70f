import { measured } from '@parley/diagnostics'
import type { IceServer } from '@parley/protocol'
import { Button, IconButton, TextField } from '@parley/ui'
import { pickFile } from '@parley/ui/page'
import { FileUp, Link2, Send, Unlink } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '../report/run.ts'
import { Card, ScrollBox } from '../shell/card.tsx'
import { useWords } from '../shell/words.ts'
import { type FileResult, sendFile } from './file.ts'
import { type Link, openLink } from './link.ts'

interface Line {
  readonly id: number
  readonly from: 'near' | 'far'
  readonly text: string
}

const openLimitMs = 20_000

/** The two ends of one reliable channel, for sending text and files from one to the other. */
export function TalkCard({ relay }: { readonly relay: readonly IceServer[] | undefined }) {
  const { t } = useTranslation('labDataChannel')
  const words = useWords()
  const [link, setLink] = useState<Link>()
  const [opening, setOpening] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [lines, setLines] = useState<readonly Line[]>([])
  const [progress, setProgress] = useState<number>()
  const [sent, setSent] = useState<FileResult>()
  const stop = useRef<AbortController>(undefined)

  useEffect(() => () => stop.current?.abort(), [])
  useEffect(() => () => link?.close(), [link])

  const connect = async () => {
    const mine = new AbortController()
    stop.current = mine
    setOpening(true)
    setProblem(undefined)
    try {
      const limit = AbortSignal.timeout(openLimitMs)
      const opened = await openLink({ init: {}, relay, signal: AbortSignal.any([mine.signal, limit]) })
      let count = 0
      const hear = (from: Line['from']) => (event: MessageEvent) => {
        if (typeof event.data === 'string') setLines(known => [...known, { id: ++count, from, text: event.data }])
      }
      // A message that arrives at one end was written at the other.
      opened.near.addEventListener('message', hear('far'))
      opened.far.addEventListener('message', hear('near'))
      setLines([])
      setLink(opened)
    } catch (error) {
      if (!mine.signal.aborted) setProblem(t('failed', { error: describeError(error) }))
    }
    setOpening(false)
  }
  const disconnect = () => {
    stop.current?.abort()
    setLink(undefined)
    setProgress(undefined)
  }
  /** Sends text and returns whether that worked; if not, shows the reason. */
  const write = (end: Line['from'], text: string): boolean => {
    if (!link) return false
    const bytes = new TextEncoder().encode(text).byteLength
    const size = (value: number) => words.value(measured(value, 'bytes'))
    if (bytes > link.maxMessageBytes) {
      setProblem(t('write.tooLong', { size: size(bytes), limit: size(link.maxMessageBytes) }))
      return false
    }
    try {
      // Throws if the channel has closed or its buffer is full.
      link[end].send(text)
    } catch (error) {
      setProblem(t('failed', { error: describeError(error) }))
      return false
    }
    setProblem(undefined)
    return true
  }
  const file = async () => {
    const picked = link && (await pickFile('*/*'))
    if (!link || !picked) return
    setSent(undefined)
    setProblem(undefined)
    setProgress(0)
    try {
      setSent(await sendFile(picked, link, stop.current?.signal ?? AbortSignal.abort(), setProgress))
    } catch (error) {
      if (!stop.current?.signal.aborted) setProblem(t('failed', { error: describeError(error) }))
    }
    setProgress(undefined)
  }
  return (
    <Card
      title={t('talk')}
      hint={t('talk.hint')}
      actions={
        link ? (
          <>
            <Button
              icon={<FileUp size={18} aria-hidden="true" />}
              busy={progress !== undefined}
              onClick={() => void file()}
            >
              {progress === undefined ? t('file') : t('file.progress', { percent: Math.round(progress * 100) })}
            </Button>
            <Button icon={<Unlink size={18} aria-hidden="true" />} onClick={disconnect}>
              {t('disconnect')}
            </Button>
          </>
        ) : (
          <Button icon={<Link2 size={18} aria-hidden="true" />} busy={opening} onClick={() => void connect()}>
            {t('connect')}
          </Button>
        )
      }
    >
      {problem && (
        <p role="alert" className="mb-3 text-danger-text">
          {problem}
        </p>
      )}
      {sent && (
        <p role="status" data-file={sent.intact} className="mb-3 text-pretty break-words">
          {t(`file.done.${sent.intact === undefined ? 'unchecked' : sent.intact ? 'intact' : 'broken'}`, {
            name: sent.name,
            size: words.value(measured(sent.bytes, 'bytes')),
            rate: words.value(
              measured(sent.tookMs > 0 ? (sent.bytes * 8000) / sent.tookMs : undefined, 'bit/s', 'no-traffic'),
            ),
          })}
        </p>
      )}
      {link ? (
        <div className="grid gap-4 sm:grid-cols-2">
          {(['near', 'far'] as const).map(end => (
            <End key={end} end={end} lines={lines} onSend={text => write(end, text)} />
          ))}
        </div>
      ) : (
        <p className="text-ink-soft">{t('talk.closed')}</p>
      )}
    </Card>
  )
}

interface EndProps {
  readonly end: Line['from']
  readonly lines: readonly Line[]
  /** Returns whether the text could be sent. */
  readonly onSend: (text: string) => boolean
}

function End({ end, lines, onSend }: EndProps) {
  const { t } = useTranslation('labDataChannel')
  const [text, setText] = useState('')
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    if (onSend(text)) setText('')
  }
  return (
    <div className="min-w-0" data-end={end}>
      <h3 className="mb-2 text-sm font-medium">{t(`end.${end}`)}</h3>
      <ScrollBox label={t('end.heard', { end: t(`end.${end}`) })} className="mb-2 h-36 p-3">
        <ul aria-live="polite" className="space-y-1">
          {lines
            .filter(({ from }) => from !== end)
            .map(({ id, text: said }) => (
              <li key={id} className="break-words">
                {said}
              </li>
            ))}
        </ul>
      </ScrollBox>
      <form onSubmit={send} className="flex items-end gap-1">
        <TextField
          label={t('write', { end: t(`end.${end}`) })}
          hideLabel
          placeholder={t('write.placeholder')}
          value={text}
          onChange={setText}
          className="min-w-0 flex-1"
        />
        <IconButton
          label={t('send', { end: t(`end.${end}`) })}
          tooltip={t('send.short')}
          type="submit"
          icon={<Send size={18} aria-hidden="true" />}
        />
      </form>
    </div>
  )
}
