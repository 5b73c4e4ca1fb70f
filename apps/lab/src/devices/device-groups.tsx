import { measured } from '@parley/diagnostics'
import { Camera, Mic, Volume2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { StatusIcon } from '../shell/status.tsx'
import { useWords } from '../shell/words.ts'
import type { TriedDevice } from './examine.ts'
import { countOf, deviceKinds, groupDevices, type ListedDevice } from './inventory.ts'

const icons = { audioinput: Mic, videoinput: Camera, audiooutput: Volume2 } as const

export interface DeviceGroupsProps {
  /** Undefined if this page has no access to devices. */
  readonly devices: readonly ListedDevice[] | undefined
  readonly tried: readonly TriedDevice[]
}

/** All devices, grouped by piece of hardware. */
export function DeviceGroups({ devices, tried }: DeviceGroupsProps) {
  const { t } = useTranslation('labDevices')
  if (!devices || devices.length === 0) {
    return (
      <Card title={t('devices')}>
        <p className="text-pretty text-ink-soft">
          {t(devices ? 'none' : globalThis.isSecureContext ? 'unsupported' : 'insecure')}
        </p>
      </Card>
    )
  }
  const counts = deviceKinds.map(kind => t(`number.${kind}`, { count: countOf(devices, kind) }))
  return (
    <Card title={t('devices')} hint={counts.join(' · ')}>
      <ul className="grid items-start gap-3 md:grid-cols-2">
        {groupDevices(devices).map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no id until permission is given
          <li key={index} className="min-w-0 divide-y divide-line rounded-lg border border-line px-4">
            {group.devices.map((device, i) => (
              <Device
                // biome-ignore lint/suspicious/noArrayIndexKey: devices have no id either until permission is given
                key={i}
                device={device}
                tried={tried.find(each => each.device.kind === device.kind && each.device.deviceId === device.deviceId)}
              />
            ))}
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface DeviceProps {
  readonly device: ListedDevice
  readonly tried: TriedDevice | undefined
}

function Device({ device, tried }: DeviceProps) {
  const { t } = useTranslation('labDevices')
  const words = useWords()
  const { kind, label, deviceId } = device
  const Icon = icons[kind]
  const opening = tried?.opening
  const { width, height, frameRate, sampleRate } = opening?.is === 'opened' ? opening.settings : {}
  return (
    <div data-device={kind} className="flex gap-3 py-3">
      <Icon size={20} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{label || t('nameless', { kind: t(`kind.${kind}`) })}</p>
        <p className="text-sm text-ink-soft">
          {t(`kind.${kind}`)}
          {(deviceId === 'default' || deviceId === 'communications') && <> · {t(`twin.${deviceId}`)}</>}
        </p>
        {deviceId !== '' && (
          <p className="truncate font-mono text-xs text-ink-soft" title={deviceId}>
            {deviceId}
          </p>
        )}
        {opening && (
          <p className="mt-1.5 flex gap-2 text-sm" data-opening={opening.is}>
            <StatusIcon status={opening.is === 'opened' ? 'pass' : 'fail'} size={18} />
            <span className="min-w-0 text-pretty">
              {opening.is === 'opened' &&
                [
                  t('opened', { time: words.value(measured(opening.tookMs, 'ms')) }),
                  width && height ? `${width} × ${height}` : '',
                  frameRate ? words.value(measured(frameRate, 'fps')) : '',
                  sampleRate ? `${sampleRate / 1000} kHz` : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              {opening.is === 'timed-out' && t('hangs', { time: words.value(measured(opening.afterMs / 1000, 's')) })}
              {opening.is === 'failed' && (
                <>
                  {t(`problem.${opening.problem}`)} <span className="text-ink-soft">({opening.error})</span>
                </>
              )}
            </span>
          </p>
        )}
      </div>
    </div>
  )
}
