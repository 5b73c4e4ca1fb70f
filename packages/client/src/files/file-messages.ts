import { safeName } from './safe-name.ts'

/** The topic of what browsers tell each other about files. */
export const fileTopic = 'parley.files'

/** The end of a transfer, as one side tells the other. */
export type StopReason = 'declined' | 'cancelled' | 'received' | 'failed' | 'gone'

export interface FileOffer {
  readonly kind: 'offer'
  readonly id: string
  readonly name: string
  readonly size: number
  readonly type: string
}

/** What makes a data channel between two browsers. Whoever sends files makes the offer; links of both directions are separate. */
export type LinkMessage =
  | { readonly kind: 'description'; readonly link: string; readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly kind: 'candidate'; readonly link: string; readonly candidate: RTCIceCandidateInit | null }

/**
 * - `offer`: here is a file. Said again whenever the receiver may have missed it, or when a transfer is to go on.
 * - `want`: send it, from this byte on.
 * - `pause`, `stop`: of either side.
 */
export type FileMessage =
  | FileOffer
  | { readonly kind: 'want'; readonly id: string; readonly offset: number }
  | { readonly kind: 'pause'; readonly id: string }
  | { readonly kind: 'stop'; readonly id: string; readonly why: StopReason }
  | LinkMessage

const stopReasons: readonly string[] = ['declined', 'cancelled', 'received', 'failed', 'gone'] satisfies StopReason[]
const mostBytes = 2 ** 50
const sdpTypes: readonly unknown[] = ['offer', 'answer']

type Fields = Readonly<Record<string, unknown>>

const readers: { readonly [K in FileMessage['kind']]: (fields: Fields) => FileMessage | undefined } = {
  offer({ id, name, size, type }) {
    if (!isId(id) || !isText(name, 4096) || !isBytes(size) || !isText(type, 256)) return undefined
    return { kind: 'offer', id, name: safeName(name), size, type: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : '' }
  },
  want: ({ id, offset }) => (isId(id) && isBytes(offset) ? { kind: 'want', id, offset } : undefined),
  pause: ({ id }) => (isId(id) ? { kind: 'pause', id } : undefined),
  stop: ({ id, why }) => (isId(id) && isStopReason(why) ? { kind: 'stop', id, why } : undefined),
  description({ link, type, sdp }) {
    if (!isId(link) || !sdpTypes.includes(type) || !isText(sdp, 16_384)) return undefined
    return { kind: 'description', link, type: type as 'offer' | 'answer', sdp }
  },
  candidate({ link, candidate }) {
    if (!isId(link) || typeof candidate !== 'object') return undefined
    return { kind: 'candidate', link, candidate: candidate && candidateOf(candidate as Fields) }
  },
}

/** @returns undefined for what is no such message: whoever sends that is another version, or means no good. */
export function parseFileMessage(body: string): FileMessage | undefined {
  const fields = parseFields(body)
  const kind = fields?.kind
  if (!fields || typeof kind !== 'string' || !Object.hasOwn(readers, kind)) return undefined
  return readers[kind as FileMessage['kind']](fields)
}

/** The fields of a JSON object; undefined if it is none. */
export function parseFields(body: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Fields) : undefined
  } catch {
    return undefined
  }
}

export function isBytes(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= mostBytes
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length <= most
}

function isStopReason(value: unknown): value is StopReason {
  return typeof value === 'string' && stopReasons.includes(value)
}

function candidateOf({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: Fields): RTCIceCandidateInit {
  return {
    candidate: typeof candidate === 'string' ? candidate : '',
    sdpMid: typeof sdpMid === 'string' ? sdpMid : null,
    sdpMLineIndex: typeof sdpMLineIndex === 'number' ? sdpMLineIndex : null,
    usernameFragment: typeof usernameFragment === 'string' ? usernameFragment : null,
  }
}
