import { cx, phone, useMediaQuery } from '@parley/ui'
import { useId } from 'react'
import type { Machine } from './states.ts'

const box = { width: 136, height: 38, gapX: 36, gapY: 36, edge: 4 }

const left = (column: number) => box.edge + column * (box.width + box.gapX)
const top = (row: number) => box.edge + row * (box.height + box.gapY)

interface MachineProps<S extends string> {
  readonly machine: Machine<S>
  readonly current: S | undefined
  readonly label: string
}

/** The same diagram transposed for a narrow screen: columns become rows. */
function upright<S extends string>({ states, ways }: Machine<S>): Machine<S> {
  return { states: states.map(({ name, column, row }) => ({ name, column: row, row: column })), ways }
}

/** Diagram of a state machine with the current state highlighted. */
export function MachineDiagram<S extends string>({ machine: wide, current, label }: MachineProps<S>) {
  const arrow = useId()
  const machine = useMediaQuery(phone) ? upright(wide) : wide
  const columns = Math.max(...machine.states.map(({ column }) => column)) + 1
  const rows = Math.max(...machine.states.map(({ row }) => row)) + 1
  const width = left(columns) - box.gapX + box.edge
  const height = top(rows) - box.gapY + box.edge
  const place = (name: S) => machine.states.find(state => state.name === name)
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      className="block w-full"
      style={{ maxWidth: width }}
    >
      <defs>
        <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" className="fill-line-strong" />
        </marker>
      </defs>
      {machine.ways.map(([from, to]) => {
        const a = place(from)
        const b = place(to)
        if (!a || !b) return null
        const both = machine.ways.some(([back, forth]) => back === to && forth === from)
        const [x1, y1, x2, y2] = way(a, b, both ? 7 : 0)
        return (
          <line
            key={`${from}-${to}`}
            {...{ x1, y1, x2, y2 }}
            className="stroke-line-strong"
            strokeWidth={1.5}
            markerEnd={`url(#${arrow})`}
          />
        )
      })}
      {machine.states.map(({ name, column, row }) => {
        const lit = name === current
        return (
          <g key={name} data-state={name} data-lit={lit || undefined}>
            <rect
              x={left(column)}
              y={top(row)}
              width={box.width}
              height={box.height}
              rx={10}
              strokeWidth={lit ? 2.5 : 1}
              className={cx('transition-colors', lit ? 'fill-accent stroke-accent' : 'fill-surface stroke-line-strong')}
            />
            <text
              x={left(column) + box.width / 2}
              y={top(row) + box.height / 2 + 5}
              textAnchor="middle"
              fontSize={name.length > 16 ? 11 : 14}
              className={cx('font-medium', lit ? 'fill-on-accent' : 'fill-ink')}
            >
              {name}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

interface Place {
  readonly column: number
  readonly row: number
}

/** Line from the edge of one box to the edge of another, shifted sideways if there is also a line back. */
function way(a: Place, b: Place, aside: number): readonly [number, number, number, number] {
  const from = { x: left(a.column) + box.width / 2, y: top(a.row) + box.height / 2 }
  const to = { x: left(b.column) + box.width / 2, y: top(b.row) + box.height / 2 }
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = Math.hypot(dx, dy) || 1
  const side = { x: (-dy / length) * aside, y: (dx / length) * aside }
  // Distance from the centre at which the line leaves the box.
  const out = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : (box.width / 2 / Math.abs(dx)) * length,
    dy === 0 ? Number.POSITIVE_INFINITY : (box.height / 2 / Math.abs(dy)) * length,
  )
  const start = (out + 1) / length
  const end = (length - out - 2) / length
  return [
    from.x + dx * start + side.x,
    from.y + dy * start + side.y,
    from.x + dx * end + side.x,
    from.y + dy * end + side.y,
  ]
}
