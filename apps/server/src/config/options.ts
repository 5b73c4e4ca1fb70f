import { limits } from '@parley/protocol'
import { bindAddress, domain, ipAddress, listOf, oneOf, onOff, origin, path, port, portOrOff, whole } from './kinds.ts'
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
  dataDir: option(path, { default: './data', doc: 'Keys and certificates, made at the first start.' }),
  domain: optional(domain, { doc: 'The public name of this server: for its certificate and its invite links.' }),
  publicIp: option(listOf(ipAddress), {
    default: [],
    doc: 'A public address of this server, for its certificate and its invite links.',
  }),
  cert: optional(path, { doc: 'Your own certificate chain (PEM), reloaded when the file changes. Needs --key.' }),
  key: optional(path, { doc: 'The private key (PEM) of --cert.' }),
  trustProxy: option(onOff, {
    default: false,
    doc: 'Behind one reverse proxy: the client’s address is the last one in X-Forwarded-For.',
  }),
  allowOrigin: option(listOf(origin), {
    default: [],
    doc: 'Pages from here may connect too, beside this server’s own and those on localhost.',
  }),
  auth: option(oneOf('open', 'token'), {
    default: 'open',
    doc: 'open: anyone who reaches the server may join. token: only with a token that `parley token` or your back end made.',
  }),
  roomSize: option(whole(limits.roomCapacityMin, limits.roomCapacityMax), {
    default: limits.roomCapacityDefault,
    doc: 'The most people in a room.',
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
