/** What is wrong with a line; `problem.<code>` in `labSdp`. */
export type LineProblem = 'no-equals' | 'unknown-type' | 'spaces' | 'empty-name'

/** One line of a description, with its place in the text. */
export interface SdpLine {
  /** From 1. */
  readonly number: number
  /** Where it begins, in characters. */
  readonly offset: number
  readonly text: string
  /** The letter before `=`; empty where there is none. */
  readonly type: string
  readonly value: string
  /** For `a=name:data`: the name; empty for every other line. */
  readonly name: string
  /** For `a=name:data`: what follows the colon, if there is one. */
  readonly data: string | undefined
  readonly problem: LineProblem | undefined
}

export interface SdpSection {
  /** `session`, or the kind of media: `audio`, `video`, `application`, … */
  readonly kind: string
  /** From 0; -1 for the session part. */
  readonly index: number
  readonly mid: string | undefined
  readonly lines: readonly SdpLine[]
}

/** A session description (RFC 8866) as far as it can be read: what cannot is kept as a line with a problem. */
export interface Sdp {
  readonly sections: readonly SdpSection[]
  readonly lines: readonly SdpLine[]
}

const types = new Set('vosiuepcbtrzkam')

/** Reads any text; never throws. Takes both kinds of line ends, and skips empty lines. */
export function parseSdp(text: string): Sdp {
  const lines: SdpLine[] = []
  let offset = 0
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '')
    if (line.trim() !== '') lines.push(parseLine(line, i + 1, offset))
    offset += raw.length + 1
  }
  return { lines, sections: sectionsOf(lines) }
}

function parseLine(raw: string, number: number, offset: number): SdpLine {
  const text = raw.trim()
  const base = { number, offset, text, name: '', data: undefined }
  const match = /^([a-z])=(.*)$/.exec(text)
  if (!match) return { ...base, type: '', value: text, problem: 'no-equals' }
  const [, type = '', value = ''] = match
  const problem = !types.has(type) ? 'unknown-type' : raw !== text ? 'spaces' : undefined
  if (type !== 'a') return { ...base, type, value, problem }
  const colon = value.indexOf(':')
  const name = colon < 0 ? value : value.slice(0, colon)
  const data = colon < 0 ? undefined : value.slice(colon + 1)
  return { ...base, type, value, name, data, problem: name.trim() === '' ? 'empty-name' : problem }
}

function sectionsOf(lines: readonly SdpLine[]): readonly SdpSection[] {
  const groups: SdpLine[][] = [[]]
  for (const line of lines) {
    if (line.type === 'm') groups.push([])
    groups.at(-1)?.push(line)
  }
  return groups.flatMap((group, i) => {
    if (i === 0 && group.length === 0) return []
    const kind = i === 0 ? 'session' : (group[0]?.value.split(' ')[0] ?? '')
    return [{ kind, index: i - 1, mid: attribute(group, 'mid'), lines: group }]
  })
}

/** The data of the first attribute of that name; an empty text for one without data, undefined where there is none. */
export function attribute(lines: readonly SdpLine[], name: string): string | undefined {
  const found = lines.find(line => line.name === name)
  return found && (found.data ?? '')
}

export function attributes(lines: readonly SdpLine[], name: string): readonly string[] {
  return lines.flatMap(line => (line.name === name ? [line.data ?? ''] : []))
}

/** The description inside what people paste: the text itself, or `{"type":"offer","sdp":"…"}`, or a quoted string. */
export function unwrap(pasted: string): string {
  const text = pasted.trim()
  if (!/^["{]/.test(text)) return pasted
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'string') return value
    const sdp = typeof value === 'object' && value !== null ? Reflect.get(value, 'sdp') : undefined
    return typeof sdp === 'string' ? sdp : pasted
  } catch {
    return pasted
  }
}
