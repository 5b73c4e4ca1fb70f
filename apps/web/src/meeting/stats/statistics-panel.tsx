import type { PeerStats, TrackStats } from '@parley/client'
import { useTranslation } from 'react-i18next'
import { useRoomState, useView } from '../context.ts'
import { ScrollArea } from '../panels/scroll-area.tsx'
import { LabTools } from './lab.tsx'
import { applies, appliesToPath, pathColumns, trackColumns } from './rows.ts'

const directions = ['in', 'out'] as const

/** The browser's measurements of the path to each person, updated every second. */
export function StatisticsPanel() {
  const { t } = useTranslation('meeting')
  const { participants, self, topology } = useRoomState()
  const stats = useView(state => state.stats)
  return (
    <ScrollArea label={t('stats.measurements')} className="relative min-h-0 flex-1 space-y-6 overflow-y-auto px-5 pb-5">
      <LabTools />
      {participants.length === 0 && <p className="text-ink-soft">{t('stats.alone')}</p>}
      {topology.now === 'sfu' && (
        <Peer name={t('stats.toServer')} peer={stats?.find(each => each.participant === self.id)} />
      )}
      {participants.map(person => (
        <Peer key={person.id} name={person.name} peer={stats?.find(each => each.participant === person.id)} />
      ))}
    </ScrollArea>
  )
}

function Peer({ name, peer }: { readonly name: string; readonly peer: PeerStats | undefined }) {
  const { t, i18n } = useTranslation('meeting')
  const { topology } = useRoomState()
  const direct = topology.now === 'sfu' ? 'server' : 'direct'
  return (
    <section aria-label={name} className="text-sm">
      <div className="mb-2 flex items-center gap-2">
        <h3 className="min-w-0 flex-1 truncate text-base font-semibold">{name}</h3>
        {peer?.route && (
          <span
            className={`rounded-md px-2 py-0.5 font-medium ${peer.route === 'direct' ? 'bg-accent-soft text-accent-text' : 'bg-warn-soft text-warn-text'}`}
          >
            {t(`stats.${peer.route === 'direct' ? direct : 'relayed'}`)}
          </span>
        )}
      </div>
      {!peer?.route ? (
        <p className="text-ink-soft">{t('stats.noPath')}</p>
      ) : (
        <>
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            {pathColumns
              .filter(({ key }) => appliesToPath(key, peer))
              .map(({ key, value }) => (
                <div key={key} className="contents">
                  <dt className="text-ink-soft">{t(`stats.${key}`)}</dt>
                  <dd className="text-right break-all tabular-nums">{value(peer, i18n.language) ?? <Unknown />}</dd>
                </div>
              ))}
          </dl>
          {directions.map(direction => (
            <Tracks
              key={direction}
              name={name}
              direction={direction}
              tracks={peer.tracks.filter(track => track.direction === direction)}
            />
          ))}
        </>
      )}
    </section>
  )
}

interface TracksProps {
  readonly name: string
  readonly direction: TrackStats['direction']
  readonly tracks: readonly TrackStats[]
}

/** One column per track, so that a narrow panel scrolls sideways and the row names stay. */
function Tracks({ name, direction, tracks }: TracksProps) {
  const { t, i18n } = useTranslation('meeting')
  if (tracks.length === 0) return null
  const title = t(`stats.${direction}With`, { name })
  return (
    <ScrollArea label={title} className="mt-3 overflow-x-auto rounded-lg border border-line">
      <table className="w-full border-collapse whitespace-nowrap">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col" className="sticky left-0 bg-surface px-3 py-2 text-left font-medium text-ink-soft">
              {t(`stats.${direction}`)}
            </th>
            {tracks.map(track => (
              <th key={track.id} scope="col" className="px-3 py-2 text-right font-medium">
                {t(`source.${track.source}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trackColumns.map(({ key, value }) => (
            <tr key={key} className="border-t border-line">
              <th scope="row" className="sticky left-0 bg-surface px-3 py-1.5 text-left font-normal text-ink-soft">
                {t(`stats.${key}`)}
              </th>
              {tracks.map(track => (
                <td key={track.id} className="px-3 py-1.5 text-right tabular-nums">
                  {applies(key, track) ? (value(track, i18n.language) ?? <Unknown />) : <NotApplicable />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

function Unknown() {
  const { t } = useTranslation('meeting')
  return <span className="text-ink-soft">{t('stats.unknown')}</span>
}

function NotApplicable() {
  const { t } = useTranslation('meeting')
  return (
    <span className="text-ink-soft">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t('stats.notApplicable')}</span>
    </span>
  )
}
