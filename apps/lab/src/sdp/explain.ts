import { codecsOf, codecTitle, h264Profile, parametersOf } from './codecs.ts'
import type { SdpLine, SdpSection } from './parse.ts'

/** What a line, or part of one, means: the text `line.<key>` of `labSdp` with `params`, and where it is specified. */
export interface Explanation {
  readonly key: string
  readonly params?: Readonly<Record<string, string>>
  /** `RFC 8866 §5.1`, or the name of another document. */
  readonly source: string
}

type Params = Readonly<Record<string, string>>
type Explain = (data: string, section: SdpSection, line: SdpLine) => readonly Explanation[]

const say =
  (key: string, source: string, read: (data: string) => Params = () => ({})): Explain =>
  data => [{ key, source, params: read(data) }]

/** Explains with one text per known value, and a common one for all others. */
const oneOf =
  (key: string, source: string, known: readonly string[]): Explain =>
  data => [{ key: known.includes(data) ? `${key}.${data}` : `${key}.other`, source, params: { value: data } }]

const words = (data: string) => data.trim().split(/\s+/)

/** The name of the codec that a payload type has in this section; just the number if there is none. */
function codecName(section: SdpSection, payloadType: string): string {
  if (payloadType === '*') return '*'
  const codec = codecsOf(section).find(each => each.payloadType === payloadType)
  return codec ? codecTitle(codec) : payloadType
}

const plain: Readonly<Record<string, Explain>> = {
  v: say('v', 'RFC 8866 §5.1'),
  o: say('o', 'RFC 8866 §5.2', data => ({ id: words(data)[1] ?? '', version: words(data)[2] ?? '' })),
  s: say('s', 'RFC 8866 §5.3'),
  i: say('i', 'RFC 8866 §5.4'),
  u: say('u', 'RFC 8866 §5.5'),
  e: say('e', 'RFC 8866 §5.6'),
  p: say('e', 'RFC 8866 §5.6'),
  c: data => {
    const address = words(data)[2] ?? ''
    return [{ key: /^(0\.0\.0\.0|::)$/.test(address) ? 'c.none' : 'c', source: 'RFC 8866 §5.7', params: { address } }]
  },
  b: data => {
    const [type = '', value = ''] = data.split(':')
    const key = type === 'AS' ? 'b.AS' : type === 'TIAS' ? 'b.TIAS' : type === 'CT' ? 'b.CT' : 'b.other'
    const source = type === 'TIAS' ? 'RFC 3890 §6.2' : 'RFC 8866 §5.8'
    return [{ key, source, params: { type, value } }]
  },
  t: say('t', 'RFC 8866 §5.9'),
  r: say('t.repeat', 'RFC 8866 §5.10'),
  z: say('t.repeat', 'RFC 8866 §5.11'),
  k: say('k', 'RFC 8866 §5.12'),
  m: (data, section) => {
    const [kind = '', port = '', protocol = '', ...formats] = words(data)
    const known = ['audio', 'video', 'application'].includes(kind) ? kind : 'other'
    const zero = port === '0'
    return [
      { key: `m.${known}`, source: 'RFC 8866 §5.14', params: { kind, protocol } },
      ...(zero && !section.lines.some(({ name }) => name === 'bundle-only')
        ? [{ key: 'm.rejected', source: 'RFC 3264 §6' }]
        : port === '9'
          ? [{ key: 'm.port9', source: 'RFC 9429 §5.2.1' }]
          : []),
      ...(known === 'application'
        ? []
        : [
            {
              key: 'm.formats',
              source: 'RFC 3264 §5.1',
              params: { first: codecName(section, formats[0] ?? ''), count: String(formats.length) },
            },
          ]),
    ]
  },
}

const codecs: Readonly<Record<string, string>> = {
  opus: 'RFC 7587',
  red: 'RFC 2198',
  g722: 'RFC 3551 §4.5.2',
  pcmu: 'RFC 3551 §4.5.14',
  pcma: 'RFC 3551 §4.5.14',
  cn: 'RFC 3389',
  'telephone-event': 'RFC 4733',
  vp8: 'RFC 7741',
  vp9: 'RFC 9628',
  h264: 'RFC 6184',
  h265: 'RFC 7798',
  av1: 'AV1 RTP',
  rtx: 'RFC 4588',
  ulpfec: 'RFC 5109',
  'flexfec-03': 'RFC 8627',
}

const formatParameters: Readonly<Record<string, string>> = {
  minptime: 'RFC 7587 §6.1',
  useinbandfec: 'RFC 7587 §6.1',
  usedtx: 'RFC 7587 §6.1',
  stereo: 'RFC 7587 §6.1',
  'sprop-stereo': 'RFC 7587 §6.1',
  maxaveragebitrate: 'RFC 7587 §6.1',
  maxplaybackrate: 'RFC 7587 §6.1',
  cbr: 'RFC 7587 §6.1',
  apt: 'RFC 4588 §8.1',
  'rtx-time': 'RFC 4588 §8.1',
  'level-asymmetry-allowed': 'RFC 6184 §8.1',
  'packetization-mode': 'RFC 6184 §8.1',
  'profile-level-id': 'RFC 6184 §8.1',
  'sprop-parameter-sets': 'RFC 6184 §8.1',
  'max-fs': 'RFC 7741 §6.1',
  'max-fr': 'RFC 7741 §6.1',
  'profile-id': 'RFC 9628 §6',
  profile: 'AV1 RTP §7.1',
  'level-idx': 'AV1 RTP §7.1',
  tier: 'AV1 RTP §7.1',
  'level-id': 'RFC 7798 §7.1',
  'tier-flag': 'RFC 7798 §7.1',
  'tx-mode': 'RFC 7798 §7.1',
  'repair-window': 'RFC 8627 §5.1',
}

function explainFormat(data: string, section: SdpSection): readonly Explanation[] {
  const [payloadType = '', ...rest] = words(data)
  const codec = codecName(section, payloadType)
  const about: Explanation = { key: 'fmtp', source: 'RFC 8866 §6.15', params: { codec, payloadType } }
  const parts = Object.entries(parametersOf(rest.join(' '))).map(([name, value]): Explanation => {
    const source = formatParameters[name]
    if (source) {
      const profile = name === 'profile-level-id' ? h264Profile(value) : undefined
      const target = name === 'apt' ? codecName(section, value) : ''
      return {
        key: `fmtp.${name}`,
        source,
        params: { value, target, profile: profile?.profile ?? value, level: profile?.level ?? '' },
      }
    }
    if (/^\d+(\/\d+)+$/.test(name))
      return {
        key: 'fmtp.redundancy',
        source: 'RFC 2198 §5',
        params: { codec: codecName(section, name.split('/')[0] ?? '') },
      }
    if (/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(name))
      return { key: 'fmtp.events', source: 'RFC 4733 §2.4.1', params: { value: name } }
    return { key: 'fmtp.other', source: 'RFC 8866 §6.15', params: { name, value } }
  })
  return [about, ...parts]
}

const feedback: Readonly<Record<string, string>> = {
  nack: 'RFC 4585 §4.2',
  'nack pli': 'RFC 4585 §6.3.1',
  'ccm fir': 'RFC 5104 §4.3.1',
  'ccm tmmbr': 'RFC 5104 §4.2.1',
  'goog-remb': 'draft-alvestrand-rmcat-remb',
  'transport-cc': 'draft-holmer-rmcat-transport-wide-cc-extensions',
  'ack ccfb': 'RFC 8888 §6',
  'nack rpsi': 'RFC 4585 §6.3.3',
  'nack sli': 'RFC 4585 §6.3.2',
}

/** Header extensions, matched by their URIs. */
const extensions: readonly (readonly [RegExp, string, string])[] = [
  [/sdes:mid$/, 'mid', 'RFC 9143 §15.2'],
  [/sdes:rtp-stream-id$/, 'rid', 'RFC 8852 §3.3'],
  [/sdes:repaired-rtp-stream-id$/, 'repaired-rid', 'RFC 8852 §3.3'],
  [/ssrc-audio-level$/, 'audio-level', 'RFC 6464'],
  [/csrc-audio-level$/, 'csrc-audio-level', 'RFC 6465'],
  [/abs-send-time/, 'abs-send-time', 'draft-alvestrand-rmcat-remb'],
  [/abs-capture-time/, 'abs-capture-time', 'webrtc.org abs-capture-time'],
  [/transport-wide-cc/, 'transport-cc', 'draft-holmer-rmcat-transport-wide-cc-extensions'],
  [/toffset$/, 'toffset', 'RFC 5450'],
  [/video-orientation/, 'orientation', '3GPP TS 26.114'],
  [/playout-delay$/, 'playout-delay', 'webrtc.org playout-delay'],
  [/video-content-type$/, 'content-type', 'webrtc.org video-content-type'],
  [/video-timing$/, 'timing', 'webrtc.org video-timing'],
  [/color-space$/, 'color-space', 'webrtc.org color-space'],
  [/dependency-descriptor/, 'dependency', 'AV1 RTP, appendix A'],
  [/video-layers-allocation/, 'layers', 'webrtc.org video-layers-allocation'],
  [/corruption-detection/, 'corruption', 'webrtc.org corruption-detection'],
]

function explainExtension(data: string): readonly Explanation[] {
  const [id = '', uri = ''] = words(data)
  const known = extensions.find(([pattern]) => pattern.test(uri))
  return [
    { key: 'extmap', source: 'RFC 8285 §5', params: { id: id.split('/')[0] ?? '' } },
    known
      ? { key: `extmap.${known[1]}`, source: known[2] }
      : { key: 'extmap.other', source: 'RFC 8285 §5', params: { uri } },
  ]
}

function explainCandidate(data: string): readonly Explanation[] {
  const part = words(data)
  const [foundation = '', component = '', protocol = '', priority = '', address = '', port = ''] = part
  const after = (name: string) => (part.includes(name) ? part[part.indexOf(name) + 1] : undefined)
  const type = after('typ') ?? ''
  const known = ['host', 'srflx', 'prflx', 'relay'].includes(type) ? type : 'other'
  const params = { foundation, component, protocol: protocol.toUpperCase(), priority, address, port, type }
  const related = after('raddr')
  const kind = after('tcptype')
  return [
    { key: `candidate.${known}`, source: 'RFC 8839 §5.1', params },
    ...(address.endsWith('.local') ? [{ key: 'candidate.mdns', source: 'draft-ietf-mmusic-mdns-ice-candidates' }] : []),
    ...(kind ? [{ key: 'candidate.tcp', source: 'RFC 6544 §4.5', params: { kind } }] : []),
    ...(related
      ? [
          {
            key: 'candidate.related',
            source: 'RFC 8839 §5.1',
            params: { address: related, port: after('rport') ?? '' },
          },
        ]
      : []),
    { key: 'candidate.priority', source: 'RFC 8445 §5.1.2', params },
  ]
}

const direction = (name: string): Explain => say(name, 'RFC 8866 §6.7')

const iceOptions: Readonly<Record<string, string>> = {
  trickle: 'RFC 8840 §4.1',
  renomination: 'draft-thatcher-ice-renomination',
  ice2: 'RFC 8445 §10',
}

const groups: Readonly<Record<string, string>> = { BUNDLE: 'RFC 9143 §5', LS: 'RFC 5888 §7' }

const named: Readonly<Record<string, Explain>> = {
  group: data => {
    const [semantics = '', ...mids] = words(data)
    const known = Object.hasOwn(groups, semantics) ? semantics : 'other'
    const params = { mids: mids.join(', '), semantics }
    return [{ key: `group.${known}`, source: groups[known] ?? 'RFC 5888 §5', params }]
  },
  'msid-semantic': say('msid-semantic', 'draft-alvestrand-mmusic-msid-01'),
  'extmap-allow-mixed': say('extmap-allow-mixed', 'RFC 8285 §6'),
  'ice-lite': say('ice-lite', 'RFC 8839 §5.3'),
  'ice-ufrag': say('ice-ufrag', 'RFC 8839 §5.4'),
  'ice-pwd': say('ice-pwd', 'RFC 8839 §5.4'),
  'ice-options': data =>
    words(data).map(option => {
      const known = Object.hasOwn(iceOptions, option) ? option : 'other'
      return {
        key: `ice-options.${known}`,
        source: iceOptions[known] ?? 'RFC 8839 §5.6',
        params: { option },
      }
    }),
  'ice-pacing': say('ice-pacing', 'RFC 8839 §5.5', value => ({ value })),
  'ice-mismatch': say('ice-mismatch', 'RFC 8839 §5.3'),
  'remote-candidates': say('remote-candidates', 'RFC 8839 §5.2'),
  fingerprint: say('fingerprint', 'RFC 8122 §5', data => ({ hash: (words(data)[0] ?? '').toUpperCase() })),
  'tls-id': say('tls-id', 'RFC 8842 §4'),
  identity: say('identity', 'RFC 8827 §5'),
  setup: oneOf('setup', 'RFC 4145 §4, RFC 8842 §5', ['actpass', 'active', 'passive', 'holdconn']),
  mid: say('mid', 'RFC 5888 §4', mid => ({ mid })),
  extmap: explainExtension,
  sendrecv: direction('sendrecv'),
  sendonly: direction('sendonly'),
  recvonly: direction('recvonly'),
  inactive: direction('inactive'),
  msid: data => {
    const [stream = '', track = ''] = words(data)
    return [
      stream === '-'
        ? { key: 'msid.none', source: 'RFC 8830 §3', params: { stream, track } }
        : { key: 'msid', source: 'RFC 8830 §2', params: { stream, track } },
    ]
  },
  rtcp: say('rtcp', 'RFC 3605 §2.1'),
  'rtcp-mux': say('rtcp-mux', 'RFC 5761 §5.1.1'),
  'rtcp-mux-only': say('rtcp-mux-only', 'RFC 8858 §3'),
  'rtcp-rsize': say('rtcp-rsize', 'RFC 5506 §5'),
  'rtcp-xr': say('rtcp-xr', 'RFC 3611 §5', value => ({ value })),
  rtpmap: data => {
    const [payloadType = '', format = ''] = words(data)
    const [name = '', clockRate = ''] = format.split('/')
    const source = codecs[name.toLowerCase()]
    return [
      { key: 'rtpmap', source: 'RFC 8866 §6.6', params: { payloadType, name, clockRate } },
      source
        ? { key: `codec.${name.toLowerCase()}`, source }
        : { key: 'codec.other', source: 'RFC 8866 §6.6', params: { name } },
    ]
  },
  fmtp: explainFormat,
  'rtcp-fb': (data, section) => {
    const [payloadType = '', ...kind] = words(data)
    const name = kind.join(' ')
    const source = feedback[name]
    const params = { codec: codecName(section, payloadType), name }
    return [{ key: source ? `rtcp-fb.${name}` : 'rtcp-fb.other', source: source ?? 'RFC 4585 §4.2', params }]
  },
  ssrc: data => {
    const [ssrc = '', ...rest] = words(data)
    const name = rest.join(' ').split(':')[0] ?? ''
    const known = ['cname', 'msid', 'mslabel', 'label'].includes(name) ? name : 'other'
    return [
      { key: `ssrc.${known}`, source: known === 'cname' ? 'RFC 5576 §6.1' : 'RFC 5576 §4.1', params: { ssrc, name } },
    ]
  },
  'ssrc-group': data => {
    const [semantics = '', ...ssrcs] = words(data)
    const known = ['FID', 'FEC-FR', 'SIM'].includes(semantics) ? semantics : 'other'
    return [{ key: `ssrc-group.${known}`, source: 'RFC 5576 §4.2', params: { ssrcs: ssrcs.join(', '), semantics } }]
  },
  rid: data => {
    const [rid = '', way = ''] = words(data)
    return [{ key: way === 'recv' ? 'rid.recv' : 'rid.send', source: 'RFC 8851 §4', params: { rid } }]
  },
  simulcast: data => {
    const part = words(data)
    return part.flatMap((way, i) =>
      way === 'send' || way === 'recv'
        ? [
            {
              key: `simulcast.${way}`,
              source: 'RFC 8853 §5.1',
              params: { rids: (part[i + 1] ?? '').split(';').join(', ') },
            },
          ]
        : [],
    )
  },
  candidate: explainCandidate,
  'end-of-candidates': say('end-of-candidates', 'RFC 8840 §8.1'),
  'sctp-port': say('sctp-port', 'RFC 8841 §5', port => ({ port })),
  sctpmap: say('sctpmap', 'draft-ietf-mmusic-sctp-sdp-05'),
  'max-message-size': say('max-message-size', 'RFC 8841 §6', size => ({ size })),
  ptime: say('ptime', 'RFC 8866 §6.4', value => ({ value })),
  maxptime: say('maxptime', 'RFC 8866 §6.5', value => ({ value })),
  'bundle-only': say('bundle-only', 'RFC 9143 §6'),
  imageattr: say('imageattr', 'RFC 6236 §3'),
  framerate: say('framerate', 'RFC 8866 §6.13', value => ({ value })),
  framesize: say('imageattr', 'RFC 6064 §4.2'),
  crypto: say('crypto', 'RFC 4568 §4'),
  content: say('content', 'RFC 4796 §5', value => ({ value })),
  label: say('label', 'RFC 4574 §4'),
  'x-google-flag': say('x-google-flag', 'webrtc.org'),
  tool: say('tool', 'RFC 8866 §6.3', value => ({ value })),
}

/** What a line means, in parts; empty if nothing is known about it. */
export function explain(line: SdpLine, section: SdpSection): readonly Explanation[] {
  if (line.type === 'a') {
    const known = Object.hasOwn(named, line.name) ? named[line.name] : undefined
    return known?.(line.data ?? '', section, line) ?? []
  }
  return plain[line.type]?.(line.value, section, line) ?? []
}
