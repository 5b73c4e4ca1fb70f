import type { Evidence, Finding, Said, Why } from '@parley/nat'
import type { DiscoveryFindings } from '@parley/turn'

/** A finding with sentences in place of codes. */
export type Told<T> =
  | { readonly value: T; readonly sure: 'certain' | 'likely'; readonly evidence: readonly string[] }
  | { readonly value: undefined; readonly why: string }

/** What was found, every code replaced by a sentence for people. */
export function inWords(findings: DiscoveryFindings) {
  const { server, udp, nat, local, mapped, mapping, filtering, hairpinning, lifetime, classic, calls } = findings
  return {
    server,
    udp,
    nat,
    local,
    mapped,
    mapping: told(mapping),
    filtering: told(filtering),
    hairpinning: told(hairpinning),
    lifetime: told(lifetime),
    classic: classic.value === undefined ? { value: undefined, why: whyNameless(findings) } : told(classic),
    calls: told(calls),
  }
}

function told<T>(finding: Finding<T>): Told<T> {
  return 'why' in finding
    ? { value: undefined, why: reasons[finding.why] }
    : { ...finding, evidence: finding.evidence.map(sentenceOf) }
}

/** A name takes both behaviours: says which is not known, and why. */
function whyNameless({ mapping, filtering }: DiscoveryFindings): string {
  if (filtering.value === undefined) return `filtering is not known: ${reasons[filtering.why]}`
  return mapping.value === undefined ? `mapping is not known: ${reasons[mapping.why]}` : reasons['mapping-unknown']
}

function sentenceOf({ code, params = {} }: Said): string {
  const sentence = sentences[code]
  return typeof sentence === 'string' ? sentence : sentence(params)
}

type Sentence = string | ((params: NonNullable<Said['params']>) => string)

const sentences: Readonly<Record<Evidence, Sentence>> = {
  'nothing-came-back': ({ servers }) => `nothing came back from ${servers}, which may also be down`,
  'seen-as': ({ to, mapped }) => `${to} sees this port as ${mapped}`,
  'no-translation': 'no address is translated',
  'other-address-got-in': 'an answer from another address and port came in',
  'other-address-kept-out': 'no answer from another address came in',
  'other-port-got-in': 'an answer from another port of the same address came in',
  'other-port-kept-out': 'no answer from another port of the same address came in',
  'other-address-silent': 'the server’s other address does not answer when asked directly, either',
  'relay-silent': 'the relay does not get through when spoken to, either',
  'packets-lost': 'packets are being lost here, so silence may be loss',
  'mapping-each': 'each destination gets a mapping of its own',
  'filtering-unknown': 'filtering is not known',
  'ports-agree': 'two ports of the server see the same',
  'same-network': 'the server is in the same network',
  'udp-blocked': 'No UDP came back: calls need a relay (TURN) over TCP or TLS.',
  'calls-direct': 'Calls connect directly with everybody whose network lets UDP out.',
  'calls-most': 'Calls connect directly with most people. With somebody behind a symmetric NAT they need a relay.',
  'calls-relay': 'Calls need a relay (TURN) with everybody but those who can be reached from anywhere.',
  'hairpin-came-back': 'what one port sent to the outside address of another came back in',
  'hairpin-lost': 'what two ports sent to each other’s outside addresses never came back in',
  'alive-after': ({ seconds }) => `an answer still came in after ${seconds} s without traffic`,
  'gone-after': ({ seconds }) => `none came in after ${seconds} s`,
}

const reasons: Readonly<Record<Why, string>> = {
  'no-answer': 'nothing came back from the server',
  'udp-untold': 'it is not known whether anything came back',
  'same-ports': 'two ports of one address see the same; it takes a server with a second address',
  'one-server': 'it takes a server that names a second address (RFC 5780), or two servers',
  'hidden-ports': 'it is not known which port of this machine was seen',
  'other-port-got-in': 'another port of the server gets in; it takes a server with a second address',
  'kept-out-elsewhere': 'another address was kept out; another port of the same address was not tried',
  'no-second-address': 'it takes a server that answers from a second address (RFC 5780)',
  'change-refused': 'the server does not answer from elsewhere when asked to',
  'no-first-answer': 'the server did not answer the first test',
  'no-relay': 'there was no relay to send from',
  'relay-refuses': 'the relay does not send to this machine’s outside address',
  'no-way': 'there was no way to test it',
  'filtering-unknown': 'filtering is not known',
  'mapping-unknown': 'it depends on the mapping, which is not known',
  'no-nat': 'there is no NAT',
  'two-ports-unseen': 'the server did not see two of our ports',
  'not-measured': 'it was not measured',
  'no-response-port': 'the server does not answer to another port on request (RESPONSE-PORT)',
}
