import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { formatHostPort } from '@parley/net'
import { z } from 'zod'
import { readLocalAuthority } from '../certificates/local-authority.ts'
import { readPair } from '../certificates/pair.ts'
import { namesOfMachine } from '../certificates/subject-names.ts'
import type { Config } from '../config/options.ts'
import { hears, isEverywhere, listenAddress } from '../reachability/listening.ts'
import { lanAddresses } from '../reachability/machine.ts'
import { loadTokenKey } from '../tokens/key.ts'
import { createTokenService } from '../tokens/token-service.ts'
import { checkDataFolder } from '../troubles/data-folder.ts'
import { bad, type Finding, note } from '../troubles/finding.ts'
import { checkNode } from '../troubles/node-version.ts'
import { lookFromOutside } from '../troubles/outlook.ts'
import type { ThisServer } from '../troubles/who-answers.ts'
import { ask } from './ask.ts'
import { checkCertificate, checkClock } from './certificate.ts'
import { tcpChannel, tlsChannel, udpChannel } from './channels.ts'
import { checkRelay, type RelayWay } from './relay.ts'
import type { Where } from './secure-socket.ts'
import { checkMedia, checkReady, checkWeb, checkWebSocket } from './web.ts'

/** Looks at the installation that the configuration describes, as its clients would. `now` is in ms since 1970. */
export async function examine(config: Config, now: () => number): Promise<Finding[]> {
  const { domain, publicIp: publicIps } = config
  const authority = config.cert === undefined ? readLocalAuthority(config.dataDir) : undefined
  const certificate = readPair({
    cert: config.cert ?? join(config.dataDir, 'server.crt'),
    key: config.key ?? join(config.dataDir, 'server.key'),
  })?.cert
  const wheres = reachedAt(config.host).map(
    (host): Where => ({
      host,
      port: config.port,
      ca: authority?.pem,
      ...(config.cert !== undefined && domain !== undefined && { servername: domain }),
    }),
  )
  const fingerprint = certificate === undefined ? undefined : new X509Certificate(certificate).fingerprint256
  const web = await Promise.all(wheres.map(where => checkWeb(where, fingerprint)))
  const running = web.flatMap(({ on }) => on ?? [])
  const [first] = running
  return [
    checkNode(process.versions.node, now()),
    checkDataFolder(config.dataDir),
    checkClock(config, now(), web.flatMap(({ date }) => date ?? [])[0]),
    ...checkCertificate(config, namesOfMachine(config), now()),
    ...web.map(({ finding }) => finding),
    ...(first && certificate !== undefined ? await examineRunning(config, { first, running, certificate }, now) : []),
    ...(publicIps.length > 0
      ? []
      : [
          note(
            'public address',
            'none is set',
            'For calls from the internet set --public-ip, and open the relay ports.',
          ),
        ]),
  ]
}

function reachedAt(host: string): string[] {
  if (!isEverywhere(host)) return [listenAddress(host)]
  return ['127.0.0.1', '::1', ...lanAddresses()].filter(address => hears(host, address))
}

interface Running {
  readonly first: Where
  readonly running: readonly Where[]
  /** PEM. */
  readonly certificate: string
}

async function examineRunning(config: Config, { first, running, certificate }: Running, now: () => number) {
  const tokens = createTokenService(loadTokenKey(config.dataDir), now)
  const token = await tokens.mint({ sub: 'doctor', grants: { admin: true } }, 60)
  const bearer = { authorization: `Bearer ${token}` }
  const own: readonly Finding[] = [await checkReady(first), await checkWebSocket(first), await checkMedia(first)]
  const turn = await turnOf(first, bearer)
  const relays = 'finding' in turn ? [turn.finding] : await checkRelays(config, running, turn)
  const server = { certificate, port: config.port, turn: 'finding' in turn ? undefined : turn }
  const { troubles, called } = await whatServerSaw(first, bearer)
  const outside = await examineOutside(config, server, new Set(called))
  const found = [...own, ...relays, ...outside]
  const seen = new Set(found.map(({ check }) => check))
  return [...found, ...troubles.filter(({ check }) => !seen.has(check) && !alsoHere.test(check))]
}

/** What this very process sees better than the server told it. */
const alsoHere = /^(Node$|data folder|certificate|name |public address )/

/** Examines the ways by which guests from elsewhere come: the public addresses, the name, the proxy. */
async function examineOutside(config: Config, server: ThisServer, called: ReadonlySet<string>): Promise<Finding[]> {
  const ports = [`tcp/${config.port}`, ...(server.turn ? [`udp/${server.turn.port}`] : [])].join(', ')
  const { addresses, domain } = await lookFromOutside(config, { ...server, called, ports })
  if (config.domain === undefined || !config.trustProxy) return [...addresses, ...domain]
  const proxy = { host: config.domain, port: 443, ca: undefined }
  const { finding, on } = await checkWeb(proxy, undefined)
  return [...addresses, ...domain, finding, ...(on ? [await checkWebSocket(on)] : [])]
}

const sawAnswer = z.object({
  troubles: z.array(
    z.object({ check: z.string(), result: z.enum(['note', 'bad']), detail: z.string(), remedy: z.string() }),
  ),
  called: z.array(z.string()),
})

/** What only the running server can have seen: which ways guests come by, what has ended, what was refused. */
async function whatServerSaw(where: Where, bearer: Record<string, string>): Promise<z.output<typeof sawAnswer>> {
  const { status, text } = await ask(where, '/api/troubles', bearer)
  return status === 200 ? sawAnswer.parse(JSON.parse(text)) : { troubles: [], called: [] }
}

const iceAnswer = z.object({
  iceServers: z.array(
    z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
  ),
})

type Turn = NonNullable<ThisServer['turn']>

async function turnOf(where: Where, bearer: Record<string, string>): Promise<Turn | { readonly finding: Finding }> {
  const answer = await ask(where, '/api/ice-servers', bearer)
  if (answer.status !== 200) {
    return { finding: bad('ICE servers', answer.text, 'Is --data-dir the folder of the server that is running?') }
  }
  const { iceServers } = iceAnswer.parse(JSON.parse(answer.text))
  const port = Number(/^stun:.*:(\d+)$/.exec(iceServers[0]?.urls[0] ?? '')?.[1])
  const { username, credential } = iceServers.find(server => server.credential !== undefined) ?? {}
  if (!port || username === undefined || credential === undefined) {
    return {
      finding: note('STUN/TURN', 'it is off', 'Remove --udp-port off, or let your pages use another TURN server.'),
    }
  }
  return { port, credentials: { username, credential } }
}

async function checkRelays(config: Config, wheres: readonly Where[], { port, credentials }: Turn): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const where of wheres) {
    for (const way of waysTo(where, port, config)) findings.push(await checkRelay(way, credentials))
  }
  return findings
}

function waysTo(where: Where, port: number, { relayPorts }: Config): RelayWay[] {
  const { host } = where
  const open = `Let the firewall pass udp/${port} and tcp/${port}, and udp/${relayPorts} for relays.`
  return [
    { check: `TURN over udp at ${formatHostPort(host, port)}`, remedy: open, open: () => udpChannel(host, port) },
    { check: `TURN over tcp at ${formatHostPort(host, port)}`, remedy: open, open: () => tcpChannel(host, port) },
    {
      check: `TURN over tls at ${formatHostPort(host, where.port)}`,
      remedy: 'Something between here and the server may take TLS off; TURN needs the port itself.',
      open: () => tlsChannel(where),
    },
  ]
}
