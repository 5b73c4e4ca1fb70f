type Scheme = 'stun' | 'stuns' | 'turn' | 'turns'
type Transport = 'udp' | 'tcp'

/** A STUN (RFC 7064) or TURN (RFC 7065) address. */
export interface ServerUrl {
  readonly scheme: Scheme
  readonly host: string
  readonly port: number
  readonly transport: Transport
}

/** What is wrong with an address that somebody entered. */
export type UrlProblem = 'empty' | 'slashes' | 'scheme' | 'host' | 'port' | 'query'

const defaults: Readonly<Record<Scheme, Pick<ServerUrl, 'port' | 'transport'>>> = {
  stun: { port: 3478, transport: 'udp' },
  stuns: { port: 5349, transport: 'tcp' },
  turn: { port: 3478, transport: 'udp' },
  turns: { port: 5349, transport: 'tcp' },
}

const isScheme = (text: string): text is Scheme => text in defaults
const pattern = /^(?<scheme>[a-z]+):(?<host>\[[0-9a-f:.]+\]|[^:?[\]/\s@]*)(?::(?<port>[^?]*))?(?<query>\?.*)?$/i

/** Parses `turn:example.org:3478?transport=udp`, filling in the defaults from the RFCs. */
export function parseServerUrl(written: string): ServerUrl | { readonly problem: UrlProblem } {
  const text = written.trim()
  if (text === '') return { problem: 'empty' }
  if (/^[a-z]+:\/\//i.test(text)) return { problem: 'slashes' }
  const { scheme = '', host = '', port, query } = pattern.exec(text)?.groups ?? {}
  const known = (/^([a-z]+):/i.exec(text)?.[1] ?? '').toLowerCase()
  if (!isScheme(known)) return { problem: 'scheme' }
  if (scheme === '' || host === '') return { problem: 'host' }
  const number = port === undefined ? defaults[known].port : Number(port)
  if (port === '' || !Number.isInteger(number) || number < 1 || number > 65_535) return { problem: 'port' }
  const transport = query === undefined ? defaults[known].transport : transportOf(known, query)
  if (transport === undefined) return { problem: 'query' }
  return { scheme: known, host: host.toLowerCase(), port: number, transport }
}

/** STUN addresses have no `?transport=` (RFC 7064 §3.1). */
function transportOf(scheme: Scheme, query: string): Transport | undefined {
  if (scheme === 'stun' || scheme === 'stuns') return undefined
  const [, transport] = /^\?transport=(udp|tcp)$/i.exec(query) ?? []
  return transport?.toLowerCase() as Transport | undefined
}

/** Whether such an address needs a user name and a password. */
export function isTurn({ scheme }: Pick<ServerUrl, 'scheme'>): boolean {
  return scheme === 'turn' || scheme === 'turns'
}

/**
 * Whether two addresses mean the same server, port and transport. Browsers write them differently: with or without the
 * default port, the transport or capitals.
 */
export function sameServer(one: string, two: string): boolean {
  const a = parseServerUrl(one)
  const b = parseServerUrl(two)
  if ('problem' in a || 'problem' in b) return one === two
  return a.scheme === b.scheme && a.host === b.host && a.port === b.port && a.transport === b.transport
}
