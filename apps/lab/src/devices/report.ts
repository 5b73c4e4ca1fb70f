import { isRecord, measuredAbove0 } from '@parley/diagnostics'
import { withOverall } from '../checks/overall.ts'
import { toJsonValue } from '../report/json.ts'
import type { Finding, Json, ReportInput } from '../report/report.ts'
import type { DeviceFindings, TriedDevice } from './examine.ts'
import { countOf } from './inventory.ts'
import type { Opening } from './opening.ts'

const inputs = [
  { kind: 'audioinput', id: 'microphone' },
  { kind: 'videoinput', id: 'camera' },
] as const

/** What the devices mean for a call. */
export function deviceFindings({ devices, secure, permissions, tried }: DeviceFindings): readonly Finding[] {
  if (!devices) return [{ id: secure ? 'unsupported' : 'insecure', status: 'fail' }]
  const perInput = inputs.flatMap(({ kind, id }): readonly Finding[] => {
    const count = countOf(devices, kind)
    // A blocked permission also hides devices, so "none found" would be a guess.
    if (permissions[id] === 'denied') return [{ id: `${id}-permission`, status: 'fail' }]
    if (count === 0) return [{ id: `${id}-found`, status: 'warn' }]
    const found: Finding = {
      id: `${id}-found`,
      status: 'pass',
      params: { number: measuredAbove0(count, 'count') },
      evidence: namesOf(devices, kind),
    }
    const opened = openedFinding(
      id,
      tried.filter(({ device }) => device.kind === kind),
    )
    const black = tried.filter(({ opening }) => opening.is === 'opened' && opening.black)
    const dark: readonly Finding[] =
      id === 'camera' && black[0]
        ? [{ id: 'camera-black', status: 'warn', params: { device: black[0].device.label || '?' } }]
        : []
    if (opened) return [found, opened, ...dark]
    return [found, { id: `${id}-permission`, status: permissions[id] === 'granted' ? 'pass' : 'unknown' }]
  })
  const speakers = countOf(devices, 'audiooutput')
  return withOverall([
    ...perInput,
    speakers > 0
      ? { id: 'speaker-found', status: 'pass', params: { number: measuredAbove0(speakers, 'count') } }
      : // Speakers are not listed before permission is given, and in some browsers never.
        { id: 'speaker-found', status: 'unknown' },
  ])
}

function namesOf(devices: NonNullable<DeviceFindings['devices']>, kind: MediaDeviceKind): { [name: string]: Json } {
  const names = devices.filter(device => device.kind === kind).map(({ label }) => label)
  return { names: names.some(name => name !== '') ? names : 'hidden until allowed' }
}

function openedFinding(id: string, tried: readonly TriedDevice[]): Finding | undefined {
  if (tried.length === 0) return undefined
  const failed = tried.filter(({ opening }) => opening.is !== 'opened')
  const evidence = Object.fromEntries(
    tried.map(({ device, opening }, index) => [device.label || `${id} ${index + 1}`, toJsonValue(opening) ?? '']),
  )
  const status = failed.length === 0 ? 'pass' : failed.length < tried.length ? 'warn' : 'fail'
  const first = failed[0]
  return {
    id: `${id}-opens`,
    status,
    ...(first && { params: { device: first.device.label || '?', error: errorOf(first.opening) } }),
    evidence,
  }
}

function errorOf(opening: Opening): string {
  if (opening.is === 'failed') return opening.error
  return opening.is === 'timed-out' ? 'timeout' : ''
}

export function deviceReport(found: DeviceFindings): ReportInput {
  const data = toJsonValue(found)
  return { page: 'devices', settings: {}, findings: deviceFindings(found), ...(data !== undefined && { data }) }
}

/** Reads back the data of {@link deviceReport}; undefined for anything else. */
export function readDevices(data: Json | undefined): DeviceFindings | undefined {
  if (!isRecord(data) || !isRecord(data.permissions) || !Array.isArray(data.tried)) return undefined
  const { devices = [], tried } = data
  const whole =
    Array.isArray(devices) &&
    devices.every(isDevice) &&
    tried.every(each => isRecord(each) && isDevice(each.device) && isRecord(each.opening))
  return whole ? (data as unknown as DeviceFindings) : undefined
}

function isDevice(value: unknown): boolean {
  return isRecord(value) && ['kind', 'deviceId', 'groupId', 'label'].every(name => typeof value[name] === 'string')
}
