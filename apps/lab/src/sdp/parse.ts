/** What is wrong with a line; `problem.<code>` in `labSdp`. */
type LineProblem = 'no-equals' | 'unknown-type' | 'spaces' | 'empty-name'

/** One line of a description, with its place in the text. */
export interface SdpLine {
  /** Line number, from 1. */
  readonly number: number
  /** Where the line begins in the text, in characters. */
  readonly offset: number
  readonly text: string
  /** The letter before `=`; empty if there is none. */
  readonly type: string
  readonly value: string
  /** For `a=name:data`: the name; empty for every other line. */
  readonly name: string
  /** For `a=name:data`: what follows the colon, if there is one. */
  readonly data: string | undefined
  readonly problem: LineProblem | undefined
}

export interface SdpSection {
  /** `session` or the kind of media: `audio`, `video`, `application`, … */
  readonly kind: string
  /** From 0; -1 for the session part. */
  readonly index: number
  readonly mid: string | undefined
  readonly lines: readonly SdpLine[]
}

/** A session description (RFC 8866). Lines that cannot be parsed are kept, with their problem. */
export interface Sdp {
  readonly sections: readonly SdpSection[]
  readonly lines: readonly SdpLine[]
}

const types = new Set('vosiuepcbtrzkam')

/** Parses any text; never throws. Accepts both kinds of line ends, and skips empty lines. */
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

/** The data of the first attribute of that name: an empty string if it has no data, undefined if it is absent. */
export function attribute(lines: readonly SdpLine[], name: string): string | undefined {
  const found = lines.find(line => line.name === name)
  return found && (found.data ?? '')
}

export function attributes(lines: readonly SdpLine[], name: string): readonly string[] {
  return lines.flatMap(line => (line.name === name ? [line.data ?? ''] : []))
}

/**
 * Extracts the description from pasted text. Besides plain SDP this may be JSON (`{"type":"offer","sdp":"…"}` or a
 * quoted string), the format of browser logs (`type: offer, sdp: v=0…`), SDP with escaped line ends, base64 or URL
 * encoding. Text without a description is returned as it is.
 */
export function unwrap(pasted: string): string {
  return innermost(pasted.trim(), 0) ?? pasted.replace(/^\ufeff/, '')
}

/** Encodings can be nested, such as JSON in base64. Deeper nesting than this does not occur in practice. */
const deepest = 4

function innermost(text: string, depth: number): string | undefined {
  if (depth > deepest) return undefined
  if (/^v=0\r?\n/.test(text)) return depth === 0 ? undefined : `${text.trimEnd()}\r\n`
  return (
    inJson(text, depth) ??
    inBase64(text, depth) ??
    (/^v%3D0/i.test(text) ? innermost(decoded(() => decodeURIComponent(text)) ?? '', depth + 1) : undefined) ??
    inLog(text, depth)
  )
}

function inJson(text: string, depth: number): string | undefined {
  if (!/^["{[]/.test(text)) return undefined
  const value = decoded<unknown>(() => JSON.parse(text))
  const look = (each: unknown): string | undefined => {
    if (typeof each === 'string') return innermost(each.trim(), depth + 1)
    if (typeof each !== 'object' || each === null) return undefined
    for (const inner of Object.values(each)) {
      const found = look(inner)
      if (found !== undefined) return found
    }
    return undefined
  }
  return look(value)
}

function inBase64(text: string, depth: number): string | undefined {
  const packed = text.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/')
  if (packed.length < 16 || !/^[A-Za-z0-9+/]+=*$/.test(packed)) return undefined
  const bytes = decoded(() => Uint8Array.from(atob(packed), letter => letter.charCodeAt(0)))
  return bytes && innermost(new TextDecoder().decode(bytes).trim(), depth + 1)
}

/** SDP with other text before `v=0`, with escaped line ends, or both. */
function inLog(text: string, depth: number): string | undefined {
  const [, before = '', found] = /^([\s\S]*?)(v=0(?:\\r|\\n|\s*\n)[\s\S]*)$/.exec(text) ?? []
  if (found === undefined || /(?:^|\n)\s*[a-z]=/.test(before)) return undefined
  const spelled = found.replaceAll(/\\r\\n|\\n|\\r/g, '\r\n')
  // A quoted description ends at the closing quotation mark.
  const quoted = /["'`]\s*$/.test(before) ? spelled.replace(/["'`][\s})\],;]*$/, '') : spelled
  return innermost(quoted, depth + 1)
}

/** A failed attempt is not an error: the text is simply not in this encoding. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
