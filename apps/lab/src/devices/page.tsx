import { Button } from '@parley/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RunButton } from '../checks/run-button.tsx'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useRun } from '../shell/use-run.ts'
import { DeviceGroups } from './device-groups.tsx'
import { type DeviceFindings, examineDevices } from './examine.ts'
import { PermissionStates } from './permission-states.tsx'
import { deviceReport, readDevices } from './report.ts'
import { type DeviceEvent, useDevices } from './use-devices.ts'

/** Shows the cameras, microphones and speakers, whether this page may use them, and whether they open. */
export default function DevicesPage() {
  const { t } = useTranslation('labDevices')
  const live = useDevices()
  const [found, setFound] = useState<DeviceFindings>()
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('devices')
  const run = useRun(signal => examineDevices({ mayAsk: true, signal, onChange: setFound }), { timeLimitMs: 150_000 })

  const start = async () => {
    importing.leave()
    setFound(undefined)
    setReport(undefined)
    const outcome = await run.start()
    await live.refresh()
    if (outcome.status !== 'done') return
    setFound(outcome.value)
    setReport(makeReport(deviceReport(outcome.value), new Date(), navigator.userAgent))
  }
  const imported = importing.imported && readDevices(importing.imported.data)
  const shownReport = importing.imported ?? report
  const devices = importing.imported ? imported?.devices : live.devices
  const permissions = imported?.permissions ?? live.permissions
  const idle = {
    idle: 'idle',
    running: 'running',
    cancelled: 'stopped',
    'timed-out': 'timedOut',
    failed: 'failed',
    done: 'idle',
  } as const
  return (
    <PageFrame
      page="devices"
      report={shownReport}
      idle={t(idle[run.state.status])}
      importing={importing}
      actions={<RunButton run={run} label={t('test')} onStart={() => void start()} />}
    >
      <div className="grid gap-4">
        <PermissionStates permissions={permissions} />
        <DeviceGroups devices={devices} tried={(imported ?? found)?.tried ?? []} />
        {shownReport && (
          <Card title={t('findings')}>
            <Findings report={shownReport} />
          </Card>
        )}
        {!importing.imported && <Events events={live.events} onRefresh={() => void live.refresh()} />}
      </div>
    </PageFrame>
  )
}

interface EventsProps {
  readonly events: readonly DeviceEvent[]
  readonly onRefresh: () => void
}

/** Devices plugged in or out while the page was open. */
function Events({ events, onRefresh }: EventsProps) {
  const { t, i18n } = useTranslation('labDevices')
  return (
    <Card title={t('events')} hint={t('events.hint')} actions={<Button onClick={onRefresh}>{t('refresh')}</Button>}>
      {events.length === 0 ? (
        <p className="text-ink-soft">{t('events.none')}</p>
      ) : (
        <ul aria-live="polite" className="grid gap-1.5">
          {events.map(({ id, at, change, device }) => (
            <li key={id} data-device-event={change} className="flex gap-4">
              <time dateTime={at.toISOString()} className="shrink-0 text-ink-soft tabular-nums">
                {at.toLocaleTimeString(i18n.language)}
              </time>
              <span className="min-w-0 break-words">
                {t(`event.${change}`, { device: device ? device.label || t(`kind.${device.kind}`) : '' })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
