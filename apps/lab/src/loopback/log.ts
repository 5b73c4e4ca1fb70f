/** Whose peer connection did something; `page` for what belongs to neither, such as the devices. */
export type Side = 'caller' | 'callee' | 'page'

/** `call`: an API call of this page; `done`: its result; `state`, `candidate`, `event`: what the browser told; `error`. */
export type EntryKind = 'call' | 'done' | 'state' | 'candidate' | 'event' | 'error'

export interface LogEntry {
  readonly id: number
  /** When, ms since the log began. */
  readonly atMs: number
  readonly side: Side
  readonly kind: EntryKind
  /** In the words of the API: `setLocalDescription(offer)`, `iceConnectionState: connected`. */
  readonly text: string
  /** A description, an address: shown when the line is opened. */
  readonly detail?: string
}

/** `12:03:04.567  +1,234 ms  caller  createOffer()`: the log as text, to copy. */
export function logToText(entries: readonly LogEntry[], startedAt: number): string {
  const lines = entries.map(({ atMs, side, kind, text, detail }) => {
    const at = new Date(startedAt + atMs).toISOString().slice(11, 23)
    const first = `${at}  +${Math.round(atMs)} ms  ${side.padEnd(6)}  ${kind.padEnd(9)}  ${text}`
    return detail ? `${first}\n${indented(detail)}` : first
  })
  return `${lines.join('\n')}\n`
}

function indented(text: string): string {
  const lines = text.trimEnd().split(/\r?\n/)
  return lines.map(line => `    ${line}`).join('\n')
}

/** `host udp 192.0.2.1:50000`, for the log. */
export function candidateText(candidate: {
  readonly type?: string | null
  readonly protocol?: string | null
  readonly address?: string | null
  readonly port?: number | null
  readonly candidate?: string
}): string {
  const { type, protocol, address, port } = candidate
  if (!type) return candidate.candidate || 'end of candidates'
  const host = address ?? '(hidden)'
  return `${type} ${protocol ?? ''} ${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port ?? '?'}`.replace(
    / +/g,
    ' ',
  )
}
