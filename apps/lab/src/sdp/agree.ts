import { type Codec, codecsOf, isMedia, sameCodec } from './codecs.ts'
import { attribute, attributes, type Sdp, type SdpSection } from './parse.ts'

/** Who sends, seen from the side that made the offer. */
type Way = 'both' | 'offerer-sends' | 'offerer-receives' | 'nobody'

/**
 * Rules that an answer can break. `setup`: it leaves open who starts DTLS, or has both sides or neither start it (RFC
 * 8842 §5.3). `direction`: it accepts a direction that was not offered (RFC 3264 §6.1). `kind`, `mid`: its section does
 * not match the offer's (RFC 9429 §5.3.1). `bundle`: it bundles sections that were not offered in that way (RFC 9143
 * §7.3). `rtcp-mux`: it lacks this attribute, which browsers require (RFC 9429 §4.1.1).
 */
export type AnswerFault = 'setup' | 'direction' | 'kind' | 'mid' | 'bundle' | 'rtcp-mux'

/** What offer and answer agreed on for one section. */
export interface Agreement {
  readonly index: number
  readonly kind: string
  readonly mid: string | undefined
  /** `missing`: the answer has no such section. */
  readonly state: 'agreed' | 'rejected' | 'missing' | 'no-codec'
  readonly way: Way
  /** Audio or video codecs that both sides support; the first one will be used. */
  readonly codecs: readonly Codec[]
  /** Names of codecs that were offered but not accepted. */
  readonly declined: readonly string[]
  readonly helpers: readonly string[]
  readonly extensions: readonly string[]
  /** Who starts the DTLS handshake. */
  readonly dtlsClient: 'offerer' | 'answerer' | 'unknown'
  readonly bundled: boolean
  readonly layers: readonly string[]
  readonly faults: readonly AnswerFault[]
}

/** Compares an answer with its offer, section by section (RFC 3264 §6). */
export function agree(offer: Sdp, answer: Sdp): readonly Agreement[] {
  const offered = offer.sections.filter(({ kind }) => kind !== 'session')
  const answered = answer.sections.filter(({ kind }) => kind !== 'session')
  const bundle = bundledMids(answer)
  return offered.map((section, i) => agreeSection(section, answered[i], { offer, answer, bundle }))
}

interface Whole {
  readonly offer: Sdp
  readonly answer: Sdp
  readonly bundle: ReadonlySet<string>
}

function agreeSection(offered: SdpSection, answered: SdpSection | undefined, whole: Whole): Agreement {
  const { index, kind, mid } = offered
  const theirs = answered ? codecsOf(answered) : []
  const ours = codecsOf(offered)
  const common = theirs.filter(codec => ours.some(each => sameCodec(each, codec)))
  const media = common.filter(isMedia)
  const takenNames = new Set(common.map(({ name }) => name))
  const rejected =
    answered !== undefined && port(answered) === '0' && attribute(answered.lines, 'bundle-only') === undefined
  const uris = new Set(answered ? extensionsOf(answered) : [])
  return {
    index,
    kind,
    mid,
    state: !answered
      ? 'missing'
      : rejected
        ? 'rejected'
        : kind !== 'application' && media.length === 0
          ? 'no-codec'
          : 'agreed',
    way: answered && !rejected ? way(directionOf(offered, whole.offer), directionOf(answered, whole.answer)) : 'nobody',
    codecs: media,
    declined: [...new Set(ours.filter(codec => isMedia(codec) && !takenNames.has(codec.name)).map(({ name }) => name))],
    helpers: [...new Set(common.filter(codec => !isMedia(codec)).map(({ name }) => name))],
    extensions: extensionsOf(offered).filter(uri => uris.has(uri)),
    dtlsClient: dtlsClient(answered && setupOf(answered, whole.answer)),
    bundled: answered?.mid !== undefined && whole.bundle.has(answered.mid),
    layers: answered ? layers(answered, 'recv') : [],
    faults: answered && !rejected ? faultsOf(offered, answered, whole) : [],
  }
}

/** The directions allowed in an answer, by offered direction (RFC 3264 §6.1). */
const answers: Readonly<Record<Direction, readonly Direction[]>> = {
  sendrecv: ['sendrecv', 'sendonly', 'recvonly', 'inactive'],
  sendonly: ['recvonly', 'inactive'],
  recvonly: ['sendonly', 'inactive'],
  inactive: ['inactive'],
}

function faultsOf(offered: SdpSection, answered: SdpSection, { offer, answer, bundle }: Whole): readonly AnswerFault[] {
  const setup = setupOf(answered, answer)
  const media = offered.kind !== 'application'
  const offeredBundle = bundledMids(offer)
  const has = ({ lines }: SdpSection, name: string) => attribute(lines, name) !== undefined
  const faults: Readonly<Record<AnswerFault, boolean>> = {
    setup: setup === 'actpass' || (setup !== undefined && setup !== 'holdconn' && setup === setupOf(offered, offer)),
    direction: media && !answers[directionOf(offered, offer)].includes(directionOf(answered, answer)),
    kind: offered.kind !== answered.kind,
    mid: offered.mid !== undefined && answered.mid !== undefined && offered.mid !== answered.mid,
    bundle: answered.mid !== undefined && bundle.has(answered.mid) && !offeredBundle.has(answered.mid),
    'rtcp-mux': media && has(offered, 'rtcp-mux') && !has(answered, 'rtcp-mux'),
  }
  return (Object.keys(faults) as AnswerFault[]).filter(fault => faults[fault])
}

const port = ({ lines }: SdpSection) => lines[0]?.value.split(' ')[1]

function bundledMids({ sections }: Sdp): ReadonlySet<string> {
  const groups = sections.filter(({ kind }) => kind === 'session').flatMap(({ lines }) => attributes(lines, 'group'))
  return new Set(groups.filter(group => group.startsWith('BUNDLE ')).flatMap(group => group.split(' ').slice(1)))
}

const extensionsOf = ({ lines }: SdpSection) => attributes(lines, 'extmap').map(data => data.split(' ')[1] ?? '')

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const
type Direction = (typeof directions)[number]

/** The direction can be given in the section, or for all sections in the session part. The default is `sendrecv`. */
function directionOf({ lines }: SdpSection, { sections }: Sdp): Direction {
  const session = sections.find(({ kind }) => kind === 'session')?.lines ?? []
  return (
    directions.find(name => attribute(lines, name) !== undefined) ??
    directions.find(name => attribute(session, name) !== undefined) ??
    'sendrecv'
  )
}

function setupOf({ lines }: SdpSection, { sections }: Sdp): string | undefined {
  return attribute(lines, 'setup') ?? attribute(sections.find(({ kind }) => kind === 'session')?.lines ?? [], 'setup')
}

const sends = (direction: Direction) => direction === 'sendrecv' || direction === 'sendonly'
const receives = (direction: Direction) => direction === 'sendrecv' || direction === 'recvonly'

function way(offered: Direction, answered: Direction): Way {
  const out = sends(offered) && receives(answered)
  const back = receives(offered) && sends(answered)
  return out ? (back ? 'both' : 'offerer-sends') : back ? 'offerer-receives' : 'nobody'
}

function dtlsClient(setup: string | undefined): Agreement['dtlsClient'] {
  return setup === 'active' ? 'answerer' : setup === 'passive' ? 'offerer' : 'unknown'
}

function layers({ lines }: SdpSection, want: 'send' | 'recv'): readonly string[] {
  const parts = attribute(lines, 'simulcast')?.split(' ') ?? []
  const at = parts.indexOf(want)
  return at < 0 ? [] : (parts[at + 1] ?? '').split(';').filter(rid => rid !== '')
}
