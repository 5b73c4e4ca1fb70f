import { isIPv6 } from 'node:net'
import { hostname } from 'node:os'
import { serverInfo } from '@parley/protocol'
import { z } from 'zod'
import { lanAddresses } from '../certificates/addresses.ts'
import { readLocalAuthority } from '../certificates/local-authority.ts'
import { subjectNames } from '../certificates/subject-names.ts'
import type { Config } from '../config/options.ts'
import { messageOf } from '../failure.ts'
import { loadTokenKey } from '../tokens/key.ts'
import { createTokenService } from '../tokens/token-service.ts'
import { bad, type Finding, good, note } from '../troubles/finding.ts'
import { type Answer, ask, type Where } from './ask.ts'
import { checkCertificate, checkClock } from './certificate.ts'
import { tcpChannel, tlsChannel, udpChannel } from './channels.ts'
import { checkRelay, type RelayWay } from './relay.ts'

const iceAnswer = z.object({
  iceServers: z.array(
    z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
  ),
})

/** Looks at the installation that the configuration describes, as its clients would. `now` is in ms since 1970. */
export async function examine(config: Config, now: () => number): Promise<Finding[]> {
  const addresses = lanAddresses()
  const { domain, publicIp: publicIps } = config
  const names = subjectNames({ hostname: hostname(), addresses, publicIps, domain })
  const authority = config.cert === undefined ? readLocalAuthority(config.dataDir) : undefined
  const wheres = reachedAt(config.host, addresses).map(
    (host): Where => ({
      host,
      port: config.port,
      ca: authority?.pem,
      ...(config.cert !== undefined && domain !== undefined && { servername: domain }),
    }),
  )
  const web = await Promise.all(wheres.map(where => checkWeb(where)))
  const serverMs = web.flatMap(({ date }) => date ?? [])[0]
  const running = wheres.find((_, i) => web[i]?.finding.result === 'good')
  return [
    checkClock(config, now(), serverMs),
    ...checkCertificate(config, names, now()),
    ...web.map(({ finding }) => finding),
    ...(running
      ? [await checkReady(running), await checkMedia(running), ...(await checkRelays(config, running, wheres, now))]
      : []),
    publicIps.length > 0
      ? good('public address', publicIps.join(', '))
      : note('public address', 'none is set', 'For calls from the internet set --public-ip, and open the relay ports.'),
  ]
}

function reachedAt(host: string, addresses: readonly string[]): string[] {
  if (host === '0.0.0.0') return ['127.0.0.1', ...addresses.filter(address => !isIPv6(address))]
  if (host === '::') return ['127.0.0.1', '::1', ...addresses]
  return [host === 'localhost' ? '127.0.0.1' : host]
}

async function checkWeb(where: Where): Promise<{ finding: Finding; date?: number }> {
  const check = `HTTPS at ${place(where.host, where.port)}`
  try {
    const { status, headers } = await ask(where, '/healthz')
    const date = Date.parse(headers.date ?? '')
    if (status === 200) return { finding: good(check, 'answers'), ...(!Number.isNaN(date) && { date }) }
    return { finding: bad(check, `answers with status ${status}`, 'Does another program use this port?') }
  } catch (error) {
    const remedy =
      `Is the server running, and on port ${where.port}? If it moved, say --port. ` +
      'If it answers on other addresses, look at --host and at the firewall.'
    // OpenSSL’s messages end with an empty line.
    return { finding: bad(check, messageOf(error).trim(), remedy) }
  }
}

async function checkReady(where: Where): Promise<Finding> {
  const { status, text } = await ask(where, '/readyz')
  return status === 200
    ? good('readiness', 'takes new clients')
    : bad('readiness', text, 'Look at the server’s log; the part that is down starts again by itself.')
}

async function checkMedia(where: Where): Promise<Finding> {
  const { status, text } = await ask(where, '/api/info')
  const info = status === 200 ? serverInfo.safeParse(JSON.parse(text)) : undefined
  if (!info?.success) return bad('SFU', `the server does not say: status ${status}`, 'Is it of this version?')
  const { sfu } = info.data
  if (sfu?.is === 'ready') return good('SFU', 'rooms of any size')
  const detail = sfu ? sfu.why : 'it is off'
  const remedy = sfu
    ? 'Rooms are a mesh, good for up to five or so. Media is forwarded where Node’s OpenSSL has DTLS-SRTP, as on Linux.'
    : 'Rooms are a mesh, good for up to five or so. Remove --udp-port off.'
  return note('SFU', detail, remedy)
}

async function checkRelays(config: Config, running: Where, wheres: readonly Where[], now: () => number) {
  const tokens = createTokenService(loadTokenKey(config.dataDir), now)
  const authorization = `Bearer ${await tokens.mint({ sub: 'doctor' }, 60)}`
  const answer: Answer = await ask(running, '/api/ice-servers', { authorization })
  if (answer.status !== 200) {
    return [bad('ICE servers', answer.text, 'Is --data-dir the folder of the server that is running?')]
  }
  const { iceServers } = iceAnswer.parse(JSON.parse(answer.text))
  const port = Number(/^stun:.*:(\d+)$/.exec(iceServers[0]?.urls[0] ?? '')?.[1])
  const { username, credential } = iceServers.find(server => server.credential !== undefined) ?? {}
  if (!port || username === undefined || credential === undefined) {
    return [note('STUN/TURN', 'it is off', 'Remove --udp-port off, or let your pages use another TURN server.')]
  }
  const findings: Finding[] = []
  for (const where of wheres) {
    for (const way of waysTo(where, port, config)) findings.push(await checkRelay(way, { username, credential }))
  }
  return findings
}

function waysTo(where: Where, port: number, { relayPorts }: Config): RelayWay[] {
  const { host, ca, ...rest } = where
  const open = `Let the firewall pass udp/${port} and tcp/${port}, and udp/${relayPorts} for relays.`
  return [
    { check: `TURN over udp at ${place(host, port)}`, remedy: open, open: () => udpChannel(host, port) },
    { check: `TURN over tcp at ${place(host, port)}`, remedy: open, open: () => tcpChannel(host, port) },
    {
      check: `TURN over tls at ${place(host, where.port)}`,
      remedy: 'Something between here and the server may take TLS off; TURN needs the port itself.',
      open: () => tlsChannel({ host, ...rest, ...(ca !== undefined && { ca }) }),
    },
  ]
}

function place(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
