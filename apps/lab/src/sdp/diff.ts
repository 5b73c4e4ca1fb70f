import { diffArrays } from 'diff'
import type { Sdp, SdpLine, SdpSection } from './parse.ts'

/** A row of a side-by-side comparison; a line that only one side has leaves the other side empty. */
export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'removed' | 'added'
  readonly left: SdpLine | undefined
  readonly right: SdpLine | undefined
}

export interface DiffSection {
  /** `session`, `audio`, …; taken from the left if both sides have the section. */
  readonly kind: string
  readonly index: number
  readonly rows: readonly DiffRow[]
}

/** Compares two descriptions section by section, line by line. */
export function diffSdp(left: Sdp, right: Sdp): readonly DiffSection[] {
  const indexes = [...new Set([...left.sections, ...right.sections].map(({ index }) => index))].sort((a, b) => a - b)
  const at = (sdp: Sdp, index: number): SdpSection | undefined => sdp.sections.find(section => section.index === index)
  return indexes.map(index => {
    const a = at(left, index)
    const b = at(right, index)
    return { index, kind: a?.kind ?? b?.kind ?? '', rows: diffLines(a?.lines ?? [], b?.lines ?? []) }
  })
}

/** Among the lines between two identical ones, pairs those about the same topic as `changed`. */
function diffLines(left: readonly SdpLine[], right: readonly SdpLine[]): readonly DiffRow[] {
  const parts = diffArrays([...left], [...right], { comparator: (a, b) => a.text === b.text })
  const rows: DiffRow[] = []
  let before = 0
  let after = 0
  let gone: readonly SdpLine[] = []
  let come: readonly SdpLine[] = []
  for (const { count, removed, added } of parts) {
    if (removed) gone = left.slice(before, before + count)
    else if (added) come = right.slice(after, after + count)
    else {
      rows.push(...pair(gone, come))
      gone = []
      come = []
      for (let i = 0; i < count; i++) rows.push({ kind: 'same', left: left[before + i], right: right[after + i] })
    }
    if (!added) before += count
    if (!removed) after += count
  }
  return [...rows, ...pair(gone, come)]
}

const lists = /^(rtpmap|fmtp|extmap|rtcp-fb)$/
const directions = /^(sendrecv|sendonly|recvonly|inactive)$/

/** A key for what a line is about: its type, its name, and for lists the payload type or id it belongs to. */
function topic({ type, name, data, value }: SdpLine): string {
  if (type === 'm') return `m ${value.split(' ')[0]}`
  if (type !== 'a') return type
  if (directions.test(name)) return 'a direction'
  return lists.test(name) ? `a ${name} ${(data ?? '').split(' ')[0]}` : `a ${name}`
}

function pair(gone: readonly SdpLine[], come: readonly SdpLine[]): readonly DiffRow[] {
  const rest = [...come]
  const rows = gone.map((left): DiffRow => {
    const at = rest.findIndex(right => topic(right) === topic(left))
    const [right] = at < 0 ? [] : rest.splice(at, 1)
    return right ? { kind: 'changed', left, right } : { kind: 'removed', left, right: undefined }
  })
  return [...rows, ...rest.map((right): DiffRow => ({ kind: 'added', left: undefined, right }))]
}
