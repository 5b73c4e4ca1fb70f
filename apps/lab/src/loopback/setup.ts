/** When each event of a call's set-up happened, in ms on one clock; absent if it has not happened yet. */
export interface Moments {
  readonly mediaAsked?: number
  readonly mediaGot?: number
  readonly offerAsked?: number
  readonly offerApplied?: number
  readonly answerAsked?: number
  readonly answerApplied?: number
  readonly iceChecking?: number
  readonly iceConnected?: number
  readonly dtlsConnecting?: number
  readonly dtlsConnected?: number
  readonly firstFrame?: number
}

const setupSteps = ['getUserMedia', 'offer', 'answer', 'ice', 'dtls', 'firstFrame'] as const
type SetupStep = (typeof setupSteps)[number]

/** One bar of the set-up timeline. Without `endMs` the step is in progress; without `startMs` it has not begun. */
export interface Span {
  readonly step: SetupStep
  readonly startMs?: number
  readonly endMs?: number
}

const bounds: Record<SetupStep, readonly [keyof Moments, keyof Moments]> = {
  getUserMedia: ['mediaAsked', 'mediaGot'],
  offer: ['offerAsked', 'offerApplied'],
  answer: ['answerAsked', 'answerApplied'],
  ice: ['iceChecking', 'iceConnected'],
  dtls: ['dtlsConnecting', 'dtlsConnected'],
  firstFrame: ['dtlsConnected', 'firstFrame'],
}

/**
 * The bars of the timeline, starting at 0. The time the person took between *Start* and *Call* is cut out: the offer
 * begins where getUserMedia ended.
 */
export function setupSpans(moments: Moments): readonly Span[] {
  const { mediaAsked, mediaGot, offerAsked } = moments
  const mediaTook = mediaAsked !== undefined && mediaGot !== undefined ? mediaGot - mediaAsked : 0
  return setupSteps.map(step => {
    const [from, to] = bounds[step]
    const origin = step === 'getUserMedia' ? mediaAsked : offerAsked === undefined ? undefined : offerAsked - mediaTook
    const start = moments[from]
    if (origin === undefined || start === undefined) return { step }
    const end = moments[to]
    const startMs = start - origin
    return end === undefined ? { step, startMs } : { step, startMs, endMs: Math.max(startMs, end - origin) }
  })
}

/** Where the last bar ends; undefined until one has ended. */
export function setupEnd(spans: readonly Span[]): number | undefined {
  const ends = spans.flatMap(({ endMs }) => endMs ?? [])
  return ends.length === 0 ? undefined : Math.max(...ends)
}
