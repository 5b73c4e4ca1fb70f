import { cx, Spinner } from '@parley/ui'
import { ArrowDown, CircleAlert } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'
import { ScrollArea } from '../panels/scroll-area.tsx'
import { formatTimeOfDay } from '../top/clock.ts'
import type { Line, MessageGroup } from './groups.ts'
import { tokens } from './links.ts'

/** Within this distance of the end (px), the person counts as following the chat. */
const nearEnd = 48

interface MessageListProps {
  readonly groups: readonly MessageGroup[]
  /** The id of the newest message that arrived. */
  readonly newest: string | undefined
}

/** Scrolls to new messages while the person is at the end; offers a jump to them while they read further up. */
export function MessageList({ groups, newest }: MessageListProps) {
  const { t, i18n } = useTranslation('meeting')
  const list = useRef<HTMLElement>(null)
  const following = useRef(true)
  const [behind, setBehind] = useState(false)
  const count = groups.reduce((sum, group) => sum + group.lines.length, 0)

  const jump = () => list.current?.scrollTo({ top: list.current.scrollHeight })

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for every message that is added or taken away
  useLayoutEffect(() => {
    if (following.current) jump()
  }, [count])

  useEffect(() => {
    if (newest !== undefined && !following.current) setBehind(true)
  }, [newest])

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <ScrollArea
        ref={list}
        label={t('chat.messages')}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          following.current = scrollHeight - scrollTop - clientHeight < nearEnd
          if (following.current) setBehind(false)
        }}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pt-1 pb-3"
      >
        <ol className="space-y-4">
          {groups.map(group => (
            <li key={group.id}>
              <p className="mb-0.5 flex items-baseline gap-2">
                <span className="min-w-0 truncate text-[0.9375rem] font-semibold">
                  {group.own ? t('you') : group.name}
                </span>
                <time dateTime={new Date(group.at).toISOString()} className="shrink-0 text-xs text-ink-soft">
                  {formatTimeOfDay(group.at, i18n.language)}
                </time>
              </p>
              <ul className="space-y-1">
                {group.lines.map(line => (
                  <MessageLine key={line.id} line={line} />
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </ScrollArea>
      {behind && (
        <button
          type="button"
          onClick={jump}
          className="absolute bottom-2 left-1/2 flex h-11 -translate-x-1/2 animate-rise items-center gap-2 rounded-full bg-accent px-4 text-sm font-medium text-on-accent shadow-pop hover:bg-accent-hover"
        >
          <ArrowDown size={16} aria-hidden="true" />
          {t('chat.jump')}
        </button>
      )}
    </div>
  )
}

function MessageLine({ line }: { readonly line: Line }) {
  const { t } = useTranslation('meeting')
  const { outbox } = useMeeting()
  return (
    <li className="text-[0.9375rem]">
      <Text text={line.text} faded={line.status !== 'sent'} />
      {line.status === 'sending' && (
        <span className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-soft">
          <Spinner size={12} />
          {t('chat.sending')}
        </span>
      )}
      {line.status === 'failed' && (
        <span className="flex flex-wrap items-center gap-x-1 text-sm text-danger-text">
          <CircleAlert size={14} aria-hidden="true" />
          {t('chat.failed')}
          <LinkButton onClick={() => void outbox.retry(line.id)}>{t('chat.retry')}</LinkButton>
          <LinkButton onClick={() => outbox.discard(line.id)}>{t('chat.discard')}</LinkButton>
        </span>
      )}
    </li>
  )
}

function LinkButton({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <button type="button" onClick={onClick} className="h-11 rounded-md px-2 font-semibold text-ink underline">
      {children}
    </button>
  )
}

/** A message as text nodes and safe links, never as HTML. */
function Text({ text, faded }: { readonly text: string; readonly faded: boolean }) {
  const parts = useMemo(() => tokens(text), [text])
  return (
    <p dir="auto" className={cx('break-words whitespace-pre-wrap', faded && 'opacity-70')}>
      {parts.map((token, i) =>
        token.kind === 'text' ? (
          token.text
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: a message never changes
            key={i}
            href={token.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="text-accent-text underline underline-offset-2"
          >
            {token.text}
          </a>
        ),
      )}
    </p>
  )
}
