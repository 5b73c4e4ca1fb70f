/** The peer connection an entry belongs to; `page` for entries of neither, such as those about devices. */
export type Side = 'caller' | 'callee' | 'page'

/** `call`: an API call by this page; `done`: its result; `state`, `candidate`, `event`: from the browser; `error`. */
export type EntryKind = 'call' | 'done' | 'state' | 'candidate' | 'event' | 'error'

export interface LogEntry {
  readonly id: number
  /** ms since the log began. */
  readonly atMs: number
  readonly side: Side
  readonly kind: EntryKind
  /** In the terms of the API: `setLocalDescription(offer)`, `iceConnectionState: connected`. */
  readonly text: string
  /** A description or an address, shown when the line is expanded. */
  readonly detail?: string
}

/** The log as text to copy, with lines such as `12:03:04.567  +1,234 ms  caller  createOffer()`. */
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

/** A candidate as text for the log, such as `host udp 192.0.2.1:50000`. */
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
