import { describeError } from '../report/run.ts'
import type { ListedDevice } from './inventory.ts'
import { isBlack } from './picture.ts'

/** Why a device did not open, by the name of the error (W3C Media Capture §10.3). */
type OpeningProblem =
  | 'NotAllowedError'
  | 'NotFoundError'
  | 'NotReadableError'
  | 'OverconstrainedError'
  | 'AbortError'
  | 'SecurityError'
  | 'other'

/** The outcome of opening a device. */
export type Opening =
  | {
      readonly is: 'opened'
      readonly tookMs: number
      readonly settings: MediaTrackSettings
      readonly muted: boolean
      /** For cameras: whether the picture is black; undefined if that is not known. */
      readonly black?: boolean | undefined
    }
  | { readonly is: 'failed'; readonly problem: OpeningProblem; readonly error: string }
  | { readonly is: 'timed-out'; readonly afterMs: number }

const problems: readonly OpeningProblem[] = [
  'NotAllowedError',
  'NotFoundError',
  'NotReadableError',
  'OverconstrainedError',
  'AbortError',
  'SecurityError',
]

function problemOf(error: unknown): OpeningProblem {
  const name = error instanceof Error ? error.name : ''
  return problems.find(problem => problem === name) ?? 'other'
}

/** A device that takes longer is reported as hanging. If the browser prompts first, the person needs time to answer. */
export const openingLimitMs = { allowed: 8000, asking: 45_000 } as const

/** Opens a microphone or a camera and releases it at once. Rejects only with an `AbortError`, when stopped. */
export async function tryDevice(
  { kind, deviceId }: ListedDevice,
  limitMs: number,
  signal: AbortSignal,
): Promise<Opening> {
  const exactly = deviceId === '' ? true : { deviceId: { exact: deviceId } }
  const constraints = kind === 'videoinput' ? { video: exactly } : { audio: exactly }
  const began = performance.now()
  const opening = navigator.mediaDevices.getUserMedia(constraints).then(
    async (stream): Promise<Opening> => {
      const tookMs = performance.now() - began
      const [track] = stream.getTracks()
      const opened = { settings: track?.getSettings() ?? {}, muted: track?.muted ?? false }
      const black = kind === 'videoinput' ? await isBlack(stream) : undefined
      for (const each of stream.getTracks()) each.stop()
      return { is: 'opened', tookMs, ...opened, black }
    },
    (error): Opening => ({ is: 'failed', problem: problemOf(error), error: describeError(error) }),
  )
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    const abort = () => {
      end()
      reject(new DOMException('The test was stopped.', 'AbortError'))
    }
    // If the device opens after the timeout, its tracks are still stopped above.
    const timer = setTimeout(() => {
      end()
      resolve({ is: 'timed-out', afterMs: limitMs })
    }, limitMs)
    signal.addEventListener('abort', abort)
    if (signal.aborted) return abort()
    opening.then(result => {
      end()
      resolve(result)
    })
  })
}
