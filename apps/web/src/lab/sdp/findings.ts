import type { Finding } from '../report/report.ts'
import { measured } from '../report/value.ts'
import type { Agreement } from './agree.ts'
import { explain } from './explain.ts'
import { attribute, type Sdp } from './parse.ts'

/** What is to be said about the descriptions as a whole: `left` an offer or any description, `right` its answer. */
export function sdpFindings(left: Sdp, right: Sdp | undefined, agreements: readonly Agreement[]): readonly Finding[] {
  if (left.lines.length === 0) return []
  return [
    ...(right ? agreed(agreements) : []),
    ...readable(left, 'left'),
    ...(right ? readable(right, 'right') : []),
    ...secure(left),
  ]
}

function readable(sdp: Sdp, side: 'left' | 'right'): readonly Finding[] {
  const count = { value: sdp.lines.length, unit: 'count' } as const
  const broken = sdp.lines.filter(({ problem }) => problem !== undefined)
  const unknown = sdp.sections.flatMap(section =>
    section.lines.filter(line => !line.problem && explain(line, section).length === 0),
  )
  const quote = (lines: typeof broken) =>
    Object.fromEntries(lines.slice(0, 20).map(({ number, text }) => [`line ${number}`, text]))
  if (!sdp.lines.some(({ type }) => type === 'v') || sdp.sections.length < 2)
    return [{ id: `not-sdp-${side}`, status: 'fail' }]
  if (broken.length > 0) {
    const params = { line: String(broken[0]?.number), count: measured(broken.length, 'count') }
    return [{ id: `readable-${side}`, status: 'fail', params, evidence: quote(broken) }]
  }
  if (unknown.length > 0) {
    const params = { line: String(unknown[0]?.number), count: measured(unknown.length, 'count') }
    return [{ id: `readable-${side}`, status: 'warn', params, evidence: quote(unknown) }]
  }
  return [{ id: `readable-${side}`, status: 'pass', params: { count } }]
}

/** A browser takes no media section without DTLS and ICE (RFC 9429 §5.8). */
function secure(sdp: Sdp): readonly Finding[] {
  const session = sdp.sections.find(({ kind }) => kind === 'session')?.lines ?? []
  const lacks = (name: string) =>
    attribute(session, name) === undefined &&
    sdp.sections.some(({ kind, lines }) => kind !== 'session' && attribute(lines, name) === undefined)
  return [
    ...(lacks('fingerprint') ? [{ id: 'fingerprint', status: 'fail' as const }] : []),
    ...(lacks('ice-ufrag') ? [{ id: 'ice', status: 'fail' as const }] : []),
  ]
}

function agreed(agreements: readonly Agreement[]): readonly Finding[] {
  const bad = agreements.filter(({ state }) => state !== 'agreed')
  const list = (sections: readonly Agreement[]) =>
    sections.map(({ kind, mid }) => (mid === undefined ? kind : `${kind} ${mid}`)).join(', ')
  const evidence = Object.fromEntries(
    agreements.map(({ kind, mid, index, state, way, codecs }) => [
      `${index} ${kind} ${mid ?? ''}`.trim(),
      `${state}; ${way}; ${codecs.map(({ name }) => name).join(', ')}`,
    ]),
  )
  if (agreements.length === 0) return []
  if (bad.length > 0)
    return [
      {
        id: 'agreed',
        status: bad.length === agreements.length ? 'fail' : 'warn',
        params: { sections: list(bad) },
        evidence,
      },
    ]
  return [{ id: 'agreed', status: 'pass', params: { sections: list(agreements) }, evidence }]
}
