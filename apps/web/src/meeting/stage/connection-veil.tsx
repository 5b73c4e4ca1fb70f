import type { ConnectionStatus } from '@parley/client'
import { Button, buttonClass, Spinner } from '@parley/ui'
import { RotateCw, Stethoscope } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMeeting } from '../context.ts'

interface VeilProps {
  readonly name: string
  readonly connection: ConnectionStatus
  /** Whether there is room for a sentence and a button, or only for a word. */
  readonly roomy: boolean
}

/** Covers a tile while its path is not connected: says what is going on, and what the person can do. */
export function ConnectionVeil({ name, connection, roomy }: VeilProps) {
  const { t } = useTranslation('meeting')
  const { room } = useMeeting()
  if (connection.status === 'connected') return null
  if (connection.status === 'failed') {
    return (
      <div className="absolute inset-0 flex flex-col items-center justify-center gap-3 overflow-hidden bg-black/70 p-3 text-center text-white">
        {roomy && (
          <div className="max-w-72">
            <p className="line-clamp-2 text-sm font-medium sm:text-base">{t('pathFailed', { name })}</p>
            <p className="mt-1 line-clamp-4 text-xs text-white/80 sm:text-sm">
              {connection.code ? t(`noPath.${connection.code}`) : connection.reason}
            </p>
          </div>
        )}
        <div className="flex flex-wrap justify-center gap-2">
          <Button
            variant="control"
            icon={<RotateCw size={16} aria-hidden="true" />}
            aria-label={t('retryPath', { name })}
            onClick={() => room.retry()}
          >
            {t('retry')}
          </Button>
          {roomy && (
            <a href="/lab/call-test" target="_blank" rel="noopener" className={buttonClass({ variant: 'control' })}>
              <Stethoscope size={16} aria-hidden="true" />
              {t('diagnose')}
            </a>
          )}
        </div>
      </div>
    )
  }
  return (
    <div className="pointer-events-none absolute top-2 right-14 left-2 flex">
      <div className="flex h-7 min-w-0 items-center gap-1.5 rounded-md bg-black/65 px-2 text-[0.8125rem] text-white">
        <Spinner size={14} />
        <span className="truncate">{t(`path.${connection.status}`)}</span>
      </div>
    </div>
  )
}
