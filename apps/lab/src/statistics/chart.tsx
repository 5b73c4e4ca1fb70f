import { formatValue, measured, type Unit } from '@parley/diagnostics'
import { useMediaQuery } from '@parley/ui'
import { useSettings } from '@parley/ui/page'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import { Fold } from '../shell/fold.tsx'
import { useWords } from '../shell/words.ts'
import type { Marker } from './markers.ts'
import { type Chart, summaryOf } from './series.ts'

/** Lines differ in dashes as well as in colour. */
const strokes = ['--accent', '--danger-text', '--warn-dot', '--ink', '--line-strong', '--ink-soft'] as const
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3, 2, 3], [1, 2], [12, 4]]
const height = 150

/** Upper end of the y axis for a chart in which every value is 0. */
const heightOfNothing: Record<Unit, number> = {
  ms: 10,
  s: 10,
  min: 1,
  'bit/s': 100_000,
  bytes: 1000,
  share: 0.1,
  fps: 30,
  px: 100,
  count: 4,
  dB: 1,
}

interface ChartCardProps {
  readonly chart: Chart
  readonly times: readonly number[]
  readonly markers: readonly Marker[]
}

/** One metric over time, as a chart and as a table. */
export function ChartCard({ chart, times, markers }: ChartCardProps) {
  const { t } = useTranslation('labStatistics')
  const words = useWords()
  const { metric, lines } = chart
  const name = words.find('labStatistics', `chart.${metric.id}`) ?? metric.id
  const write = (value: number | undefined) => words.value(measured(value, metric.unit))
  return (
    <figure data-chart={metric.id} className="min-w-0 rounded-lg border border-line p-3">
      <figcaption className="mb-1 text-sm font-medium">{name}</figcaption>
      <Plot chart={chart} times={times} markers={markers} language={words.language} />
      <ul aria-hidden="true" className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {lines.map((line, i) => (
          <li key={line.id} className="flex items-center gap-1.5">
            <svg width="22" height="6" aria-hidden="true" className="shrink-0">
              <line
                x1="0"
                y1="3"
                x2="22"
                y2="3"
                strokeWidth="2"
                strokeDasharray={dashes[i % dashes.length]?.join(' ')}
                style={{ stroke: `var(${strokes[i % strokes.length]})` }}
              />
            </svg>
            {line.label}
            <span className="text-ink-soft tabular-nums">{write(line.values.at(-1))}</span>
          </li>
        ))}
      </ul>
      <Fold summary={t('chartTable')} label={`${name}: ${t('chartTable')}`}>
        <table className="w-full border-collapse text-left text-xs tabular-nums">
          <caption className="sr-only">{name}</caption>
          <thead>
            <tr className="text-ink-soft">
              {(['line', 'now', 'lowest', 'mean', 'highest'] as const).map(key => (
                <th key={key} scope="col" className="py-1 pr-3 font-medium last:pr-0">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(line => {
              const { now, lowest, mean, highest } = summaryOf(line)
              return (
                <tr key={line.id} className="border-t border-line">
                  <th scope="row" className="py-1 pr-3 font-normal">
                    {line.label}
                  </th>
                  {Object.entries({ now, lowest, mean, highest }).map(([key, value]) => (
                    <td key={key} className="py-1 pr-3 last:pr-0">
                      {write(value)}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </Fold>
    </figure>
  )
}

interface PlotProps extends ChartCardProps {
  readonly language: string
}

/** The chart itself. The library is loaded with the first chart. The table makes the same data accessible. */
function Plot({ chart, times, markers, language }: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const shown = useRef(markers)
  shown.current = markers
  const theme = useSettings(settings => settings.theme)
  const dark = useMediaQuery('(prefers-color-scheme: dark)')
  const { metric, lines } = chart
  const key = lines.map(({ id }) => id).join(' ')
  const data = useRef<uPlot.AlignedData>([[]])
  data.current = [times.map(at => at / 1000), ...lines.map(({ values }) => values.map(value => value ?? null))]

  // biome-ignore lint/correctness/useExhaustiveDependencies: data has its own effect below; lines and colours redraw
  useEffect(() => {
    const element = box.current
    if (!element) return
    let closed = false
    const watch = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([{ default: Plot }]) => {
      if (closed) return
      const colour = (name: string) => resolved(element, name)
      const axis = {
        stroke: colour('--ink-soft'),
        grid: { stroke: colour('--line'), width: 1 },
        ticks: { show: false },
      }
      plot.current = new Plot(
        {
          width: element.clientWidth,
          height,
          legend: { show: false },
          cursor: { show: false },
          scales: { y: { range: (_self, _low, high) => [0, high > 0 ? high * 1.1 : heightOfNothing[metric.unit]] } },
          axes: [
            { ...axis, size: 26, space: 90, values: (_self, splits) => splits.map(at => clock(at, language)) },
            {
              ...axis,
              size: 72,
              values: (_self, splits) => splits.map(value => formatValue({ value, unit: metric.unit }, language) ?? ''),
            },
          ],
          series: [
            {},
            ...lines.map((line, i) => ({
              label: line.label,
              stroke: colour(strokes[i % strokes.length] ?? '--accent'),
              width: 2,
              dash: [...(dashes[i % dashes.length] ?? [])],
              points: { show: false },
            })),
          ],
          hooks: { draw: [self => drawMarkers(self, shown.current, colour('--warn-dot'))] },
        },
        data.current,
        element,
      )
      watch.observe(element)
    }, notDrawn)
    return () => {
      closed = true
      watch.disconnect()
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [key, metric, theme, dark, language])

  useEffect(() => {
    plot.current?.setData(data.current)
  })
  return <div ref={box} aria-hidden="true" style={{ height }} className="w-full overflow-hidden" />
}

/** A theme colour in a form that a canvas understands. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`
  const { color } = getComputedStyle(element)
  element.style.color = ''
  return color
}

/** The table shows the same data, so the page works without the chart. */
function notDrawn(error: unknown): void {
  console.warn('The code that draws charts could not be loaded:', error)
}

function clock(seconds: number, language: string): string {
  return new Date(seconds * 1000).toLocaleTimeString(language, { hour12: false })
}

/** Draws a vertical line at each event. */
function drawMarkers(plot: uPlot, markers: readonly Marker[], colour: string): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.5
  ctx.setLineDash([3, 3])
  for (const { at } of markers) {
    const x = plot.valToPos(at / 1000, 'x', true)
    if (!Number.isFinite(x) || x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}
