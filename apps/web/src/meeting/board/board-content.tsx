import { Banner, Button, Spinner } from '@parley/ui'
import { Component, type ComponentType, type ReactNode, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoomState } from '../context.ts'
import type { BoardViewProps } from './board-view.tsx'
import { loadBoard } from './load-board.ts'
import { useBoardState } from './use-board-state.ts'

type Loaded =
  | { readonly status: 'loading' }
  | { readonly status: 'failed' }
  | { readonly status: 'here'; readonly View: ComponentType<BoardViewProps> }

/** The drawing itself, or what keeps it away. */
export function BoardContent() {
  const { t } = useTranslation('board')
  const [loaded, retry] = useLoaded()
  const { status, problem } = useBoardState()
  const [read, setRead] = useState(false)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (status === 'open') setRead(true)
  }, [status])

  if (loaded.status === 'failed') return <Failed title={t('failed')} hint={t('failedHint')} onRetry={retry} />
  if (loaded.status === 'loading' || !read)
    return <Waiting what={loaded.status === 'loading' ? 'loading' : 'reading'} />
  const { View } = loaded
  const readOnly = problem?.code === 'not-allowed'
  return (
    <>
      <Problems />
      <Guard
        key={attempt}
        otherwise={
          <Failed title={t('broken')} hint={t('brokenHint')} onRetry={() => setAttempt(number => number + 1)} />
        }
      >
        <View readOnly={readOnly} />
      </Guard>
    </>
  )
}

function useLoaded(): readonly [Loaded, () => void] {
  const [loaded, setLoaded] = useState<Loaded>({ status: 'loading' })
  const load = useCallback(() => {
    setLoaded({ status: 'loading' })
    loadBoard().then(
      ({ BoardView }) => setLoaded({ status: 'here', View: BoardView }),
      (error: unknown) => {
        console.warn(error)
        setLoaded({ status: 'failed' })
      },
    )
  }, [])
  useEffect(load, [load])
  return [loaded, load]
}

function Waiting({ what }: { readonly what: 'loading' | 'reading' }) {
  const { t } = useTranslation('board')
  const { status } = useRoomState()
  return (
    <div role="status" className="flex flex-1 items-center justify-center gap-3 p-6 text-ink-soft">
      <Spinner />
      {t(status.status === 'connected' ? what : 'waiting')}
    </div>
  )
}

interface FailedProps {
  readonly title: string
  readonly hint: string
  readonly onRetry: () => void
}

function Failed({ title, hint, onRetry }: FailedProps) {
  const { t } = useTranslation('board')
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-2 p-6 text-center">
      <p className="font-semibold">{title}</p>
      <p className="max-w-md text-ink-soft">{hint}</p>
      <Button onClick={onRetry} className="mt-3">
        {t('retry')}
      </Button>
    </div>
  )
}

/** What does not go away by itself. */
function Problems() {
  const { t } = useTranslation('board')
  const { problem, unreadable } = useBoardState()
  const words = problem && (troubles[problem.code] ?? 'refused')
  return (
    <>
      {words && (
        <Banner tone="warn" title={t(words)} className="m-2">
          {words === 'refused' ? problem?.remedy : t(`${words}Hint`)}
        </Banner>
      )}
      {unreadable > 0 && (
        <Banner tone="warn" title={t('unreadable')} className="m-2">
          {t('unreadableHint')}
        </Banner>
      )}
    </>
  )
}

const troubles: { readonly [code: string]: 'full' | 'readOnly' } = {
  'board-full': 'full',
  'over-quota': 'full',
  'not-allowed': 'readOnly',
}

interface GuardProps {
  readonly otherwise: ReactNode
  readonly children: ReactNode
}

/** Keeps the meeting going if the whiteboard's library fails. */
class Guard extends Component<GuardProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: unknown): void {
    console.error(error)
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.otherwise : this.props.children
  }
}
