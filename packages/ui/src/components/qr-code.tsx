import { useMemo } from 'react'
import { encode } from 'uqr'
import { cx } from './cx.ts'

export interface QrCodeProps {
  readonly value: string
  /** Describes what the code leads to, for people who cannot see it. */
  readonly label: string
  readonly className?: string | undefined
}

/** A QR code as one SVG path, always dark on white so that every camera reads it. */
export function QrCode({ value, label, className }: QrCodeProps) {
  const { size, path } = useMemo(() => draw(value), [value])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={cx('rounded-lg bg-white', className ?? 'size-40')}
    >
      <path d={path} fill="#141312" />
    </svg>
  )
}

function draw(value: string): { size: number; path: string } {
  const code = encode(value, { ecc: 'M', border: 3 })
  let path = ''
  for (const [y, row] of code.data.entries()) {
    for (const [x, dark] of row.entries()) if (dark) path += `M${x} ${y}h1v1h-1z`
  }
  return { size: code.size, path }
}
