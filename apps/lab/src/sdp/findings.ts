import { measured } from '@parley/diagnostics'
import type { Finding } from '../report/report.ts'
import type { Agreement, AnswerFault } from './agree.ts'
import { explain } from './explain.ts'
import { attribute, type Sdp } from './parse.ts'

/** Findings about the descriptions as a whole: `left` is an offer or any description, `right` its answer. */
export function sdpFindings(left: Sdp, right: Sdp | undefined, agreements: readonly Agreement[]): readonly Finding[] {
  if (left.lines.length === 0) return []
  return [
    ...(right
      ? [...answerFaults(agreements), ...agreed(agreements), ...extra(left, right), ...silent(agreements)]
      : []),
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

/** Browsers reject media sections without DTLS and ICE (RFC 9429 §5.8). */
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

const list = (sections: readonly Pick<Agreement, 'kind' | 'mid'>[]) =>
  sections.map(({ kind, mid }) => (mid === undefined ? kind : `${kind} ${mid}`)).join(', ')

const faults: readonly AnswerFault[] = ['setup', 'direction', 'kind', 'mid', 'bundle', 'rtcp-mux']

/** One finding per rule that the answer breaks, with the sections concerned. */
function answerFaults(agreements: readonly Agreement[]): readonly Finding[] {
  return faults.flatMap((fault): readonly Finding[] => {
    const those = agreements.filter(each => each.faults.includes(fault))
    return those.length === 0 ? [] : [{ id: `answer-${fault}`, status: 'fail', params: { sections: list(those) } }]
  })
}

/** An answer must have exactly one section for each section of the offer, and no others (RFC 3264 §6). */
function extra(offer: Sdp, answer: Sdp): readonly Finding[] {
  const count = ({ sections }: Sdp) => sections.filter(({ kind }) => kind !== 'session').length
  if (count(answer) <= count(offer)) return []
  const more = answer.sections.filter(({ index }) => index >= count(offer))
  return [{ id: 'answer-extra', status: 'fail', params: { sections: list(more) } }]
}

/** Sections in which nobody sends: allowed, but rarely intended. */
function silent(agreements: readonly Agreement[]): readonly Finding[] {
  const those = agreements.filter(
    ({ kind, state, way, faults: broken }) =>
      kind !== 'application' && state === 'agreed' && way === 'nobody' && !broken.includes('direction'),
  )
  return those.length === 0 ? [] : [{ id: 'nobody-sends', status: 'warn', params: { sections: list(those) } }]
}

function agreed(agreements: readonly Agreement[]): readonly Finding[] {
  const bad = agreements.filter(({ state, faults: broken }) => state !== 'agreed' || broken.length > 0)
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
