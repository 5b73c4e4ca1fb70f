import type { Sdp, SdpLine, SdpSection } from './parse.ts'

/** A row of a side-by-side comparison; a line that only one side has stands alone. */
export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'removed' | 'added'
  readonly left: SdpLine | undefined
  readonly right: SdpLine | undefined
}

export interface DiffSection {
  /** `session`, `audio`, …; from the left where both have it. */
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

/** Longest common subsequence; lines between two common ones that say the same thing differently are paired. */
function diffLines(left: readonly SdpLine[], right: readonly SdpLine[]): readonly DiffRow[] {
  const lengths = table(left, right)
  const rows: DiffRow[] = []
  let gone: SdpLine[] = []
  let come: SdpLine[] = []
  const settle = () => {
    rows.push(...pair(gone, come))
    gone = []
    come = []
  }
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const a = left[i]
    const b = right[j]
    if (a && b && a.text === b.text) {
      settle()
      rows.push({ kind: 'same', left: a, right: b })
      i++
      j++
    } else if (b && (!a || cell(lengths, i, j + 1) >= cell(lengths, i + 1, j))) {
      come.push(b)
      j++
    } else if (a) {
      gone.push(a)
      i++
    }
  }
  settle()
  return rows
}

const cell = (lengths: readonly Uint16Array[], i: number, j: number) => lengths[i]?.[j] ?? 0

function table(left: readonly SdpLine[], right: readonly SdpLine[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1))
  for (let i = left.length - 1; i >= 0; i--) {
    const row = lengths[i]
    if (!row) continue
    for (let j = right.length - 1; j >= 0; j--) {
      const same = left[i]?.text === right[j]?.text
      row[j] = same ? cell(lengths, i + 1, j + 1) + 1 : Math.max(cell(lengths, i + 1, j), cell(lengths, i, j + 1))
    }
  }
  return lengths
}

const lists = /^(rtpmap|fmtp|extmap|rtcp-fb)$/
const directions = /^(sendrecv|sendonly|recvonly|inactive)$/

/** What a line is about: its type, its name, and for lists the payload type or id it belongs to. */
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
