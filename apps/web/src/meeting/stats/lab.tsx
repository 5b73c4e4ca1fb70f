import type { PathFailure, PeerStats, RoomState } from '@parley/client'
import {
  discoverConnections,
  makeTimeline,
  openConnections,
  publishCall,
  type TimelineEvent,
  type Watched,
} from '@parley/diagnostics'
import { TimelineList } from '@parley/diagnostics/timeline-list'
import { Button, buttonClass, Dialog } from '@parley/ui'
import { download, fileName } from '@parley/ui/page'
import { ChartLine, Download, History } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { useMeeting } from '../context.ts'
import { type TimelineJudgement, TimelineLog, type TimelinePath, type TimelinePerson } from './timeline-log.ts'

const useTimeline = create<{ readonly events: readonly TimelineEvent[] }>()(() => ({ events: [] }))

/** Lets the Lab, in another tab, observe this meeting, and records a timeline of it. */
export function useLab(): void {
  const { room, view } = useMeeting()
  const { t } = useTranslation('meeting')
  const { t: lab } = useTranslation('diagnostics')
  const server = lab('timeline.server')
  const texts = useRef(t)
  texts.current = t

  useEffect(() => {
    discoverConnections()
    const names = new Names()
    return publishCall(
      { kind: 'meeting', title: room.name },
      () => names.of(room.state, server),
      () => useTimeline.getState().events,
    )
  }, [room, server])

  useEffect(() => {
    const log = new TimelineLog()
    const show = () => useTimeline.setState({ events: log.events })
    const look = (state: RoomState) => {
      log.server(state.status.status !== 'reconnecting', Date.now())
      log.people(peopleOf(state, { server, failure: code => texts.current(`noPath.${code}`) }), Date.now())
      log.judged(judgementsOf(state), Date.now())
      show()
    }
    look(room.state)
    const stops = [
      room.on('changed', look),
      view.subscribe(({ stats }, before) => {
        if (!stats || stats === before.stats) return
        log.measured(pathsOf(stats, room.state), Date.now())
        show()
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [room, view, server])
}

/** Texts that the timeline takes from the meeting. */
interface TimelineTexts {
  readonly server: string
  readonly failure: (code: PathFailure) => string
}

/** Everybody whose path matters: the other participants, and the server if it forwards our media. */
function peopleOf(
  { participants, self, topology }: RoomState,
  { server, failure }: TimelineTexts,
): readonly TimelinePerson[] {
  const others = participants.map(
    ({ id, name, connection }): TimelinePerson => ({
      id,
      name,
      connection: connection.status,
      ...(connection.status === 'failed' && { reason: connection.code ? failure(connection.code) : connection.reason }),
    }),
  )
  if (topology.now !== 'sfu') return others
  return [{ id: self.id, name: server, connection: self.connection.status, server: true }, ...others]
}

/** What the server measures of us and of the others. */
function judgementsOf({ self, participants }: RoomState): readonly TimelineJudgement[] {
  const others = participants.map(({ id, name, serverQuality: quality }) => ({ id, name, quality }))
  return [{ id: self.id, quality: self.serverQuality }, ...others]
}

/** If the server forwards our media, only the path to it counts: the others have tracks, but no path of their own. */
function pathsOf(stats: readonly PeerStats[], { self, topology }: RoomState): readonly TimelinePath[] {
  return stats.map(({ participant, route, roundTripMs, availableOutBps, tracks }) =>
    topology.now === 'sfu' && participant !== self.id
      ? { participant, tracks }
      : { participant, route, roundTripMs, availableOutBps, tracks },
  )
}

/** Names connections after the people whose tracks they carry; a connection keeps its id and name for its lifetime. */
class Names {
  readonly #ids = new WeakMap<RTCPeerConnection, string>()
  readonly #names = new WeakMap<RTCPeerConnection, string>()
  #made = 0

  of({ participants }: RoomState, server: string): readonly Watched[] {
    return openConnections().map(connection => {
      const received = new Set(connection.getReceivers().map(({ track }) => track))
      const people = participants.filter(({ tracks }) =>
        tracks.some(({ mediaTrack }) => mediaTrack !== undefined && received.has(mediaTrack)),
      )
      if (people.length > 0) this.#names.set(connection, people.map(({ name }) => name).join(', '))
      return { id: this.#id(connection), label: this.#names.get(connection) ?? server, connection }
    })
  }

  #id(connection: RTCPeerConnection): string {
    const known = this.#ids.get(connection)
    if (known) return known
    this.#made++
    const id = String(this.#made)
    this.#ids.set(connection, id)
    return id
  }
}

/** The meeting's way into the Lab: the timeline so far, and live charts in another tab. */
export function LabTools() {
  const { t } = useTranslation('diagnostics')
  return (
    <div className="space-y-2">
      <TimelineButton />
      <a
        href="/lab/statistics"
        target="_blank"
        rel="noopener"
        className={buttonClass({ variant: 'secondary', block: true })}
      >
        <ChartLine size={18} aria-hidden="true" />
        {t('timeline.charts')}
      </a>
    </div>
  )
}

/** “Why did it freeze?”: opens the timeline of this call, to read and to save. */
function TimelineButton() {
  const { t } = useTranslation('diagnostics')
  const { t: common } = useTranslation()
  const { room } = useMeeting()
  const [open, setOpen] = useState(false)
  const events = useTimeline(state => state.events)
  const save = () => {
    const timeline = makeTimeline(room.name, navigator.userAgent, events)
    download(fileName('timeline', new Date()), `${JSON.stringify(timeline, null, 2)}\n`)
  }
  return (
    <>
      <Button
        block
        icon={<History size={18} aria-hidden="true" />}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('timeline.open')}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('timeline')}
        description={t('timelineHint')}
        size="lg"
        closeLabel={common('close')}
        footer={
          <Button icon={<Download size={18} aria-hidden="true" />} disabled={events.length === 0} onClick={save}>
            {t('timeline.save')}
          </Button>
        }
      >
        <TimelineList events={events} />
        <p className="mt-5 text-sm text-ink-soft">{t('timeline.saveHint')}</p>
      </Dialog>
    </>
  )
}
