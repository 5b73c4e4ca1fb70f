import { cx } from '@parley/ui'
import { useMemo } from 'react'
import { tokens } from './links.ts'

/** What somebody wrote, as text nodes and safe links: never as HTML. */
export function Text({ text, faded }: { readonly text: string; readonly faded: boolean }) {
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
