import { useEffect, useRef } from 'react'

/** Loudness over time, 0..1: calls the listener about as often as the screen paints, until it is stopped. */
export interface LevelSource {
  subscribe(listener: (level: number) => void): () => void
}

export interface LevelMeterProps {
  readonly label: string
  /** Undefined while there is nothing to measure. */
  readonly source: LevelSource | undefined
  readonly bars?: number
  readonly className?: string | undefined
}

/** A row of bars that follow a microphone or a speaker. Drawn without React; updates screen readers twice a second. */
export function LevelMeter({ label, source, bars = 18, className }: LevelMeterProps) {
  const row = useRef<HTMLDivElement>(null)
  const meter = useRef<HTMLMeterElement>(null)

  useEffect(() => {
    let toldAt = 0
    const paint = (level: number) => {
      const lit = Math.round(level * bars)
      for (const [index, bar] of [...(row.current?.children ?? [])].entries())
        bar.toggleAttribute('data-lit', index < lit)
      const now = performance.now()
      if (!meter.current || now - toldAt < 500) return
      toldAt = now
      meter.current.value = level
    }
    const stop = source?.subscribe(paint)
    return () => {
      stop?.()
      toldAt = 0
      paint(0)
    }
  }, [source, bars])

  return (
    <div className={className}>
      <meter ref={meter} aria-label={label} min={0} max={1} value={0} className="sr-only" />
      <div ref={row} aria-hidden="true" className="flex h-2 items-stretch gap-1">
        {Array.from({ length: bars }, (_, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is identified by its position
            key={index}
            className="flex-1 rounded-full bg-line transition-colors duration-75 data-lit:bg-accent"
          />
        ))}
      </div>
    </div>
  )
}
