import { Button, LevelMeter, Select } from '@parley/ui'
import { levelOf, mediaDevices } from '@parley/ui/page'
import { Camera, Mic, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listDevices } from '../devices/examine.ts'
import type { ListedDevice } from '../devices/inventory.ts'
import { list, oneOf, settingsCodec } from '../report/permalink.ts'
import { makeReport, type Report } from '../report/report.ts'
import { Card } from '../shell/card.tsx'
import { Findings } from '../shell/findings.tsx'
import { PageFrame } from '../shell/frame.tsx'
import { useReportImport } from '../shell/use-import.ts'
import { useLabSettings } from '../shell/use-settings.ts'
import { CodeCard } from './code-card.tsx'
import { compare } from './compare.ts'
import { Comparisons } from './comparisons.tsx'
import { Form } from './form.tsx'
import { presetIds, presets } from './presets.ts'
import { constraintReport, type Result } from './report.ts'
import { supportedConstraints } from './told.ts'
import { type Answer, useTrack } from './use-track.ts'
import { type InputKind, readWishes, toTrackConstraints, type Wishes, writeWishes } from './wishes.ts'

/** The settings in the page's permalink. */
const constraintSettings = settingsCodec({
  kind: oneOf(['camera', 'microphone'], 'camera'),
  asked: list([], 60),
})

/** Requests a camera or microphone with chosen constraints, and shows what the browser delivered. */
export default function ConstraintsPage() {
  const { t } = useTranslation('labConstraints')
  const [settings, change] = useLabSettings(constraintSettings)
  const [deviceId, setDeviceId] = useState<string>()
  const [asking, setAsking] = useState(false)
  const [devices, setDevices] = useState<readonly ListedDevice[]>([])
  const [report, setReport] = useState<Report>()
  const importing = useReportImport('constraints')
  const media = useTrack()
  const kind: InputKind = settings.kind
  const wishes = readWishes(settings.asked)
  const constraints = toTrackConstraints(kind, wishes, deviceId)
  const open = media.open?.kind === kind ? media.open : undefined
  const rows = compare({
    kind,
    wishes,
    settings: open?.settings ?? {},
    capabilities: open?.capabilities ?? {},
    supported: supportedConstraints(),
  })
  useEffect(() => {
    void listDevices().then(found => setDevices(found ?? []))
  }, [])

  const setWishes = (next: Wishes) => change({ asked: writeWishes(next) })
  const setKind = (next: InputKind) => {
    media.close()
    setDeviceId(undefined)
    setReport(undefined)
    change({ kind: next, asked: [] })
  }
  const ask = async (how: () => Promise<Answer>) => {
    importing.leave()
    setAsking(true)
    const answer = await how()
    setAsking(false)
    setDevices((await listDevices()) ?? [])
    const result: Result =
      'refusal' in answer
        ? { is: 'refused', refusal: answer.refusal, rows: [] }
        : {
            is: 'got',
            device: answer.open.track.label,
            rows: compare({ ...answer.open, wishes, supported: supportedConstraints() }),
          }
    setReport(makeReport(constraintReport(settings, result), new Date(), navigator.userAgent))
  }
  const choices = devices.filter(
    device => device.kind === (kind === 'camera' ? 'videoinput' : 'audioinput') && device.deviceId !== '',
  )
  const shownReport = importing.imported ?? report
  const canAsk = mediaDevices() !== undefined
  return (
    <PageFrame
      page="constraints"
      report={shownReport}
      idle={canAsk ? t(asking ? 'asking' : 'idle') : t(isSecureContext ? 'unsupported' : 'insecure')}
      importing={importing}
      actions={
        <>
          {open && (
            <Button icon={<Square size={18} aria-hidden="true" />} onClick={media.close}>
              {t('close')}
            </Button>
          )}
          <Button
            variant="primary"
            busy={asking}
            disabled={!canAsk}
            icon={kind === 'camera' ? <Camera size={18} aria-hidden="true" /> : <Mic size={18} aria-hidden="true" />}
            onClick={() => void ask(() => media.ask(kind, constraints))}
          >
            {t(kind === 'camera' ? 'openCamera' : 'openMicrophone')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Card title={t('what')}>
          <div className="grid gap-4 sm:grid-cols-3">
            <Select
              label={t('kind')}
              value={kind}
              options={(['camera', 'microphone'] as const).map(value => ({ value, label: t(`kind.${value}`) }))}
              onChange={setKind}
            />
            <Select
              label={t('device')}
              value={deviceId ?? ''}
              options={[
                { value: '', label: t('device.any') },
                ...choices.map(({ deviceId: value, label }) => ({ value, label: label || value })),
              ]}
              onChange={value => setDeviceId(value || undefined)}
            />
            <Select
              label={t('preset')}
              value={undefined}
              placeholder={t('preset.choose')}
              options={presetIds
                .filter(id => presets[id].kind === kind)
                .map(id => ({ value: id, label: t(`preset.${id}`) }))}
              onChange={id => setWishes(presets[id].wishes)}
            />
          </div>
        </Card>
        {open && (
          <Card title={open.track.label || t(`kind.${kind}`)} hint={t('open.hint')}>
            {kind === 'camera' ? (
              <Picture track={open.track} label={t('picture')} />
            ) : (
              <LevelMeter label={t('level')} source={levelOf(open.track)} />
            )}
          </Card>
        )}
        <Form
          kind={kind}
          wishes={wishes}
          onChange={setWishes}
          capabilities={open?.capabilities ?? {}}
          onApply={open && !asking ? () => void ask(() => media.apply(constraints)) : undefined}
        />
        {rows.length > 0 && <Comparisons rows={rows} open={open !== undefined} />}
        <CodeCard kind={kind} constraints={constraints} />
        {shownReport && (
          <Card title={t('findings')}>
            <Findings report={shownReport} />
          </Card>
        )}
      </div>
    </PageFrame>
  )
}

function Picture({ track, label }: { readonly track: MediaStreamTrack; readonly label: string }) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const element = video.current
    if (!element) return
    element.srcObject = new MediaStream([track])
    return () => {
      element.srcObject = null
    }
  }, [track])
  return (
    <video
      ref={video}
      aria-label={label}
      muted
      autoPlay
      playsInline
      className="mx-auto max-h-80 w-full max-w-xl rounded-lg bg-stage object-contain"
    />
  )
}
