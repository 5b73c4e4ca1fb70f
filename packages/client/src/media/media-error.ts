import { ParleyError } from '../error.ts'
import type { ClientErrorCode } from '../types.ts'

export type Device = 'microphone' | 'camera' | 'screen'

/** What is known besides the browser's own error. */
export interface MediaContext {
  readonly device: Device
  /** The state in the Permissions API after the failure; undefined if the browser does not know the device there. */
  readonly permission: PermissionState | undefined
}

type Failure = { readonly name: string; readonly message: string; readonly constraint?: string }

/** Names of Media Capture and Streams §10.3, and the older ones that some browsers still use. */
const codes: Record<string, (failure: Failure, context: MediaContext) => ClientErrorCode> = {
  NotAllowedError: refused,
  PermissionDeniedError: refused,
  SecurityError: () => 'media-denied',
  NotFoundError: () => 'media-missing',
  DevicesNotFoundError: () => 'media-missing',
  NotReadableError: () => 'media-busy',
  TrackStartError: () => 'media-busy',
  AbortError: () => 'media-busy',
  OverconstrainedError: overconstrained,
  ConstraintNotSatisfiedError: overconstrained,
  InvalidStateError: (_, { device }) => (device === 'screen' ? 'media-dismissed' : 'media-failed'),
  NotSupportedError: () => 'media-unsupported',
  TypeError: () => 'media-unsupported',
}

const dismissedScreen = {
  message: 'Nothing was chosen to share.',
  remedy: 'Share again and choose a screen or window.',
}
const neededAClick = { message: 'Sharing must begin with a click.', remedy: 'Press the share button again.' }
const deniedBySystem = {
  message: 'The operating system does not let this browser use it.',
  remedy: 'Allow the browser in the system’s privacy settings, then restart it.',
}

/** A failure of getUserMedia or getDisplayMedia as a {@link ParleyError} that says what to do. */
export function mediaError(cause: unknown, context: MediaContext): ParleyError {
  const failure = failureOf(cause)
  const judge = Object.hasOwn(codes, failure.name) ? codes[failure.name] : undefined
  const code = judge?.(failure, context) ?? 'media-failed'
  const text = textOf(code, failure, context)
  return new ParleyError(code, text?.message, { cause, ...(text && { remedy: text.remedy }) })
}

function textOf(code: ClientErrorCode, failure: Failure, context: MediaContext) {
  if (failure.name === 'InvalidStateError' && context.device === 'screen') return neededAClick
  if (code === 'media-dismissed' && context.device === 'screen') return dismissedScreen
  if (code === 'media-denied' && /system/i.test(failure.message)) return deniedBySystem
  if (code === 'media-overconstrained' && failure.constraint) {
    return { message: `No ${context.device} offers this ${failure.constraint}.`, remedy: 'Ask for less.' }
  }
  return undefined
}

/** Browsers use one error for a refusal, a lasting refusal and a prompt that was closed; the permission tells them apart. */
function refused(failure: Failure, { device, permission }: MediaContext): ClientErrorCode {
  if (/system/i.test(failure.message)) return 'media-denied'
  if (/dismissed/i.test(failure.message)) return 'media-dismissed'
  if (device === 'screen') return permission === 'denied' ? 'media-denied' : 'media-dismissed'
  return permission === 'prompt' ? 'media-dismissed' : 'media-denied'
}

/** If the id cannot be satisfied, the device is missing; any other constraint asked for too much. */
function overconstrained(failure: Failure): ClientErrorCode {
  return failure.constraint === 'deviceId' ? 'media-missing' : 'media-overconstrained'
}

function failureOf(cause: unknown): Failure {
  if (typeof cause !== 'object' || cause === null) return { name: '', message: String(cause) }
  const { name, message, constraint } = cause as Partial<Record<keyof Failure, unknown>>
  return {
    name: String(name ?? ''),
    message: String(message ?? ''),
    ...(typeof constraint === 'string' && { constraint }),
  }
}
