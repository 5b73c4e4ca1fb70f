import { limits } from '@parley/protocol'
import { addressAndPort, addressMaybePort, mappedIp, network } from './addresses.ts'
import {
  addressRule,
  bindAddress,
  bitrate,
  domain,
  ipAddress,
  listOf,
  namedPassword,
  oneOf,
  onOff,
  origin,
  PortRange,
  path,
  port,
  portOrOff,
  portOrRange,
  portRange,
  realm,
  sharedSecret,
  whole,
} from './kinds.ts'
import { option, optional, type Values } from './table.ts'

/**
 * Every option of the server. Flags, environment variables, the config file, `--help` and docs/configuration.md are all
 * made from this table; `npx tsx apps/server/src/config/write-docs.ts` rewrites the document.
 */
export const serverOptions = {
  config: optional(path, { doc: 'A JSON file with any of these options; ./parley.json is read if it is there.' }),
  host: option(bindAddress, { default: '0.0.0.0', doc: 'Where to listen.' }),
  port: option(port, {
    default: 8443,
    doc: 'HTTPS: web app, API and signalling. If the default is taken, the next free port is used.',
  }),
  httpPort: option(portOrOff, {
    default: 8080,
    doc: 'Plain HTTP: how to trust the certificate, and a redirect for everything else.',
  }),
  udpPort: option(portOrOff, {
    default: 3478,
    doc: 'STUN and TURN, over UDP and over TCP. If the default is taken, the next free port is used.',
  }),
  dataDir: option(path, { default: './data', doc: 'Keys and certificates, made at the first start.' }),
  domain: optional(domain, { doc: 'The public name of this server: for its certificate and its invite links.' }),
  publicIp: option(listOf(ipAddress), {
    default: [],
    doc: 'A public address of this server, for its certificate, its invite links and relayed addresses.',
  }),
  natIp: option(listOf(mappedIp), {
    default: [],
    doc: 'A public address that a NAT maps to a local one of this machine: counts as --public-ip, and relays are opened on the local address. For several public addresses.',
  }),
  cert: optional(path, { doc: 'Your own certificate chain (PEM), reloaded when the file changes. Needs --key.' }),
  key: optional(path, { doc: 'The private key (PEM) of --cert.' }),
  trustProxy: option(onOff, {
    default: false,
    doc: 'Behind one reverse proxy: the client’s address is the last one in X-Forwarded-For.',
  }),
  allowOrigin: option(listOf(origin), {
    default: [],
    doc: 'Pages from here may connect too, by every door, beside this server’s own and those on localhost. Apps have origins of their own, such as capacitor://localhost or file://; null lets in every page from a file, and any page in a sandboxed frame.',
  }),
  auth: option(oneOf('open', 'token'), {
    default: 'open',
    doc: 'open: anyone who reaches the server may join. token: only with a token that `parley token` or your back end made.',
  }),
  tokenEnd: option(oneOf('stay', 'leave'), {
    default: 'stay',
    doc: 'What happens when a token ends. stay: its holder stays where they are, and nothing more opens: no room, call, relay or TURN credential. leave: they are sent out.',
  }),
  roomSize: option(whole(limits.roomCapacityMin, limits.roomCapacityMax), {
    default: limits.roomCapacityDefault,
    doc: 'The most people in a room.',
  }),
  topology: option(oneOf('auto', 'mesh', 'sfu'), {
    default: 'auto',
    doc: 'How media goes in rooms whose maker does not say. auto: straight between two people, through the SFU from the third on, or where they find no path.',
  }),
  mediaWorkers: option(whole(1, 64), {
    default: 1,
    doc: 'SFU: threads that forward media. The first uses --udp-port, each other one the next port, over UDP and TCP; open them all. A room that is too much for one goes on in the others.',
  }),
  relayPorts: option(portRange, {
    default: new PortRange(49_152, 65_535),
    doc: 'TURN: UDP ports for relayed addresses; open them to the outside where relays must reach other networks.',
  }),
  turnRealm: option(realm, { default: 'turn', doc: 'TURN: the realm of its credentials.' }),
  turnQuotaUser: option(whole(0, 1_000_000), {
    default: 128,
    doc: 'TURN: allocations that one user may have, 0 for no limit. A browser makes several for each person it talks to.',
  }),
  turnQuotaTotal: option(whole(0, 1_000_000), {
    default: 8192,
    doc: 'TURN: allocations altogether, 0 for no limit.',
  }),
  turnQuotaSource: option(whole(0, 1_000_000), {
    default: 2048,
    doc: 'TURN: allocations that one source address may have (of IPv6: one /64), 0 for no limit. Where all are taken, the source that has most gives one up for one that has fewer.',
  }),
  turnBandwidth: option(bitrate, {
    default: 0,
    doc: 'TURN: what one user may have relayed, both directions together. 0 is no limit.',
  }),
  turnAllowPeer: option(listOf(addressRule), {
    default: [],
    doc: 'TURN: relay to these addresses too, though they are private, loopback or otherwise special.',
  }),
  turnDenyPeer: option(listOf(addressRule), { default: [], doc: 'TURN: never relay to these addresses.' }),
  turnTcp: option(onOff, {
    default: false,
    doc: 'TURN: relay TCP connections as well (RFC 6062). Browsers never ask for it, and whoever has credentials gets a way to every server that listens on --turn-tcp-ports.',
  }),
  turnTcpPorts: option(listOf(portOrRange), {
    default: [new PortRange(443, 443), new PortRange(1024, 65_535)],
    doc: 'TURN: the ports of peers to which TCP is relayed with --turn-tcp.',
  }),
  turnSecret: option(listOf(sharedSecret), {
    default: [],
    doc: 'TURN: what ephemeral credentials are made with; the first one makes them, all are accepted. One is made at the first start.',
  }),
  turnSecretFile: optional(path, { doc: 'A file with --turn-secret, one a line.' }),
  turnUser: option(listOf(namedPassword), {
    default: [],
    doc: 'TURN: a user with a lasting password, for software that cannot fetch credentials.',
  }),
  turnUserFile: optional(path, { doc: 'A file with --turn-user, one a line.' }),
  turnTlsPort: option(portOrOff, {
    default: 5349,
    doc: 'TURN over TLS by `parley turn`, which needs --cert and --key for it; the server itself has it on --port. If the default is taken, the next free port is used.',
  }),
  turnProxyProtocol: option(listOf(network), {
    default: [],
    doc: 'TURN: TCP connections from these proxies begin with a PROXY protocol header (version 2), which says who the client is.',
  }),
  turnAlternateServer: option(listOf(addressAndPort), {
    default: [],
    doc: 'TURN: send clients that want an allocation to this server instead; at most one of each IP version.',
  }),
  stunAlternate: optional(addressMaybePort, {
    doc: 'STUN: a second address of this machine, for NAT behaviour discovery (RFC 5780) on both; its port is the next one if none is said. Off without it: such answers go to where a request asks, and larger.',
  }),
  metrics: option(oneOf('private', 'open'), {
    default: 'private',
    doc: 'private: /metrics answers this machine and admin tokens only. open: everybody.',
  }),
  logLevel: option(oneOf('silent', 'error', 'warn', 'info', 'debug', 'trace'), {
    default: 'info',
    doc: 'What to log, to standard error: pretty on a terminal, JSON lines otherwise.',
  }),
} as const

/** The server's settings, parsed; paths are absolute. */
export type Config = Values<typeof serverOptions>

export const defaults = Object.fromEntries(
  Object.entries(serverOptions).map(([name, row]) => [name, row.default]),
) as Config
