import { createHandover, type Edge, remote, sfuPort, whipPort, within } from '@parley/edge'
import { type ServerInfo, serverTroubles } from '@parley/protocol'
import {
  createHoldings,
  createSignaling,
  type MediaPlaneEvents,
  type Signaling,
  type SignalingLimits,
} from '@parley/signaling'
import { makeCredential } from '@parley/turn'
import { openCertificates } from './certificates/open.ts'
import type { Authority } from './certificates/source.ts'
import { type Config, defaults } from './config/options.ts'
import { openEdge, turnSecrets } from './edge/open.ts'
import { adminAccess } from './http/admin-access.ts'
import { type Asker, createApp } from './http/app.ts'
import { attempts } from './http/attempts.ts'
import { clientAddress } from './http/client-address.ts'
import { originPolicy } from './http/cross-origin.ts'
import { devPages } from './http/dev-pages.ts'
import type { ServerContext } from './http/env.ts'
import { listen } from './http/listen.ts'
import { splitByFirstByte } from './http/one-port.ts'
import { createPlainApp } from './http/plain-app.ts'
import {
  closeServer,
  httpServer,
  httpsServer,
  limitPatience,
  refuseUnknownUpgrades,
  tlsOptions,
} from './http/servers.ts'
import { httpsUrl, httpUrl } from './http/urls.ts'
import { webApp } from './http/web-app.ts'
import { createIceServers } from './ice/ice-servers.ts'
import { type Log, silentLog } from './log/log.ts'
import { mediaAnswer } from './media/media-answer.ts'
import { mediaPlane } from './media/media-plane.ts'
import { createMetrics } from './metrics/metrics.ts'
import { type WebApps, webDist, webSources } from './places.ts'
import { nameHere, namesElsewhere, surroundings } from './reachability/surroundings.ts'
import { createAuthenticator } from './tokens/authenticator.ts'
import { banFile } from './tokens/ban-file.ts'
import { openKeyRing } from './tokens/key-ring.ts'
import { createTokenService } from './tokens/token-service.ts'
import { dataFolder } from './troubles/data-folder.ts'
import type { Finding } from './troubles/finding.ts'
import { Troubles } from './troubles/troubles.ts'
import { Watch } from './troubles/watch.ts'
import { buildName, version } from './version.ts'
import { WhipSessions } from './whip/whip-sessions.ts'

/** Settings, of which only the data folder is required, and what a program that hosts the server may replace. */
export interface StartOptions extends Partial<Config> {
  readonly dataDir: string
  /** Silent if absent. */
  readonly log?: Log
  /** Which ports may be replaced by the next free one if they are taken. Default: neither. */
  readonly mayMove?: { readonly port: boolean; readonly httpPort: boolean; readonly udpPort: boolean }
  /** Serve the web app from its sources, through Vite. */
  readonly dev?: boolean
  /** The folder of the built web app. */
  readonly webRoots?: WebApps
  readonly limits?: Partial<SignalingLimits>
  /** How long a TLS connection may take to send its first byte, ms. Default 10 s. */
  readonly firstByteMs?: number
  /** How long a client may take to read an HTTP answer, ms. Default 2 min. */
  readonly answerMs?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

export interface ParleyServer {
  readonly port: number
  /** Undefined when the plain HTTP port is off. */
  readonly httpPort: number | undefined
  /** STUN and TURN; undefined when they are off. */
  readonly edge: Edge | undefined
  /** The server's address for this machine itself. */
  readonly url: string
  /** What `GET /api/info` says to somebody on this machine. */
  info(): ServerInfo
  readonly authority: Authority | undefined
  readonly signaling: Signaling
  /** What has been found to be wrong. */
  troubles(): Finding[]
  /** Checks whether another certificate is due, as happens every 10 s anyway. True: another one is served now. */
  refreshCertificate(): Promise<boolean>
  /** Readiness fails, clients are told, connections end; within 10 s. May be called twice. */
  close(reason?: string): Promise<void>
}

const certificateCheckMs = 10_000
const tellClientsMs = 5_000
const lastAnswersMs = 3_000
/** How long the credentials are valid with which the server tests itself. */
const probeSeconds = 60

/** Starts everything, and resolves when it listens. Throws Failure with an explanation if it cannot. */
export async function startServer(options: StartOptions): Promise<ParleyServer> {
  const { log = silentLog(), mayMove, dev = false, webRoots = webDist, limits, now = Date.now } = options
  const { firstByteMs = 10_000, answerMs = 120_000, ...given } = options
  const config: Config = { ...defaults, ...given }
  dataFolder(config.dataDir)
  const certificates = await openCertificates(config, log, now)
  const keys = openKeyRing(config.dataDir)
  const tokens = createTokenService(keys, now)
  const allowOrigin = originPolicy(config.allowOrigin, config.domain)
  const addressOf = (request: Parameters<typeof clientAddress>[0]) => clientAddress(request, config.trustProxy)
  const askerOf = (c: ServerContext) => addressOf(c.env.incoming)
  const attempt = attempts({ addressOf: askerOf, now })
  const metrics = createMetrics(
    () => signaling.counts(),
    () => edge,
    log,
    { arrived: guest => watch.arrived(guest), connected: (by, headers) => watch.connected(by, headers) },
  )
  const troubles = new Troubles({ log, now })
  const watch = new Watch({ config, troubles, now, mistake })
  const authenticator = createAuthenticator({ mode: config.auth, tokens, now })
  const handover = config.udpPort === 'off' ? undefined : createHandover()
  const secrets = turnSecrets(config)
  const iceServers = createIceServers({
    port: () => edge?.port,
    tlsPort: () => (config.trustProxy ? undefined : port),
    secrets,
    host: config.host,
    names: () => [...namesElsewhere(surroundings(config)), nameHere(config)],
    revokeUser: (user, untilMs) => edge?.revoke({ user, untilMs }),
    now,
  })
  const holdings = createHoldings(limits)
  const vite = dev ? devPages(webSources) : undefined
  const plane = mediaPlane(() => edge)
  let mediaEvents: MediaPlaneEvents | undefined
  const whipSessions = new WhipSessions({
    signaling: () => signaling,
    holdings,
    sfu: { ...remote(whipPort, () => edge?.mailbox), unseat: plane.unseat },
    log,
  })
  let stopping = false

  const app = createApp({
    health: {
      isStopping: () => stopping,
      ailing: () => (edge?.state.is === 'down' ? `STUN and TURN: ${edge.state.why}` : undefined),
      metrics,
      metricsFor: config.metrics,
      admin: adminAccess({ tokens, attempt }),
      now,
    },
    rooms: {
      rooms: () => signaling.rooms(),
      room: name => signaling.room(name),
      mute: (room, participant, source) => signaling.mute(room, participant, source),
      remove: (room, participant) => signaling.remove(room, participant),
      close: room => signaling.close(room),
      async media(room) {
        return plane.available ? mediaAnswer(remote(sfuPort, () => edge?.mailbox).inspect(room)) : undefined
      },
    },
    bans: {
      bans: () => signaling.bans(),
      ban: ban => signaling.ban(ban),
      lift: id => signaling.lift(id),
    },
    now,
    info,
    leave: { authenticator, depart: session => signaling.depart(session) },
    ice: {
      authenticator,
      iceServers,
      now,
      admit: arrival => signaling.check(arrival),
      attempt,
      addressOf: askerOf,
    },
    whip: {
      sessions: whipSessions,
      authenticator,
      iceServers,
      attempt,
      addressOf: askerOf,
    },
    origins: { allowOrigin, recognize: token => tokens.recognize(token) },
    headers: { dev, strictTransportFor: certificates.authority ? undefined : config.domain },
    pages: vite?.pages ?? webApp(webRoots),
    report(error, during) {
      metrics.mistake()
      log.error({ err: error, ...during }, 'request failed')
    },
    saw: () => ({ troubles: troubles.list(), called: watch.called() }),
  })
  const secure = httpsServer(app, certificates.pair)
  const closeUndecided = splitByFirstByte(secure, { stun: handover && (socket => handover.take(socket)), firstByteMs })
  const plain = httpServer(createPlainApp({ authority: certificates.authority, httpsPort: () => port }))
  for (const server of [secure, plain])
    limitPatience(server, { answerMs, holdings: config.trustProxy ? undefined : holdings })
  if (!vite) secure.on('upgrade', refuseUnknownUpgrades)
  const signaling = createSignaling({
    httpServer: secure,
    authenticator,
    iceServers,
    observer: metrics.observer,
    version: buildName(keys.own),
    bans: banFile(config.dataDir, log),
    tokenEnd: config.tokenEnd,
    roomSize: config.roomSize,
    topology: config.topology,
    ...(handover && {
      mediaPlane: events => {
        mediaEvents = events
        return plane
      },
    }),
    allowOrigin,
    clientAddress: addressOf,
    ...(limits && { limits }),
    holdings,
  })
  await vite?.attach(secure)

  let port = 0
  let httpPort: number | undefined
  let edge: Edge | undefined
  const { host } = config

  async function refreshCertificate(): Promise<boolean> {
    const changed = await certificates.refresh()
    if (changed) secure.setSecureContext(tlsOptions(certificates.pair))
    return changed
  }
  const renewal = setInterval(() => void refreshCertificate().catch(mistake), certificateCheckMs)
  renewal.unref()

  function info(asker: Asker = 'insider'): ServerInfo {
    // Behind a proxy the public name stands for the proxy, which is where HTTPS has its own port.
    const publicPort = config.domain && config.trustProxy ? 443 : port
    const others = namesElsewhere(surroundings(config)).filter(
      name => asker === 'insider' || name === asker.host || name === config.domain || config.publicIp.includes(name),
    )
    const trustHost = others[0] ?? (asker === 'insider' ? nameHere(config) : asker.host)
    const found = troubles.subjects()
    const felt = serverTroubles.filter(subject => found.has(subject))
    return {
      ...(asker === 'insider' && { version }),
      auth: config.auth,
      urls: others.map(name => httpsUrl(name, publicPort)),
      ...(certificates.authority && httpPort && trustHost && { trustUrl: `${httpUrl(trustHost, httpPort)}/trust` }),
      ...(edge?.sfu && { sfu: edge.sfu.is === 'ready' ? { is: 'ready' } : edge.sfu }),
      ...(felt.length > 0 && { troubles: felt }),
      roomSize: config.roomSize,
    }
  }

  function mistake(error: unknown): void {
    metrics.mistake()
    log.error({ err: error }, 'a look at the server failed')
  }

  let closed: Promise<void> | undefined
  function close(reason = 'The server is stopping.'): Promise<void> {
    closed ??= closeAll(reason)
    return closed
  }

  async function closeAll(reason: string): Promise<void> {
    stopping = true
    clearInterval(renewal)
    watch.close()
    if (!(await within(tellClientsMs, signaling.stop(reason)))) log.warn('not every client could be told in time')
    closeUndecided()
    handover?.close()
    await Promise.all([
      edge?.stop(),
      closeServer(secure, lastAnswersMs),
      closeServer(plain, lastAnswersMs),
      vite?.close(),
    ])
  }

  try {
    // Before signalling: people who come back after a restart must find the SFU, or their room would be a mesh.
    if (handover) {
      edge = await openEdge(config, {
        log,
        secrets,
        handover: handover.path,
        mayMove: mayMove?.udpPort ?? false,
        media: mediaEvents && { signaling: mediaEvents, guests: whipSessions },
      })
    }
    port = await listen(secure, { host, port: config.port, flag: '--port', mayMove: mayMove?.port ?? false })
    if (config.httpPort !== 'off') {
      const asked = { host, port: config.httpPort, flag: '--http-port', mayMove: mayMove?.httpPort ?? false }
      httpPort = await listen(plain, asked)
    }
    await watch.start({
      edge,
      port,
      certificates,
      credentials: () => makeCredential(secrets, 'parley', probeSeconds, now()),
    })
  } catch (error) {
    await close('The server could not start.')
    throw error
  }

  return {
    port,
    httpPort,
    edge,
    url: httpsUrl(nameHere(config), port),
    info: () => info(),
    authority: certificates.authority,
    signaling,
    troubles: () => troubles.list(),
    refreshCertificate,
    close,
  }
}
