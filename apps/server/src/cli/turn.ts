import { readFlags } from '../config/flags.ts'
import { loadConfig } from '../config/load.ts'
import { serverOptions } from '../config/options.ts'
import type { TlsDoor } from '../edge/tls-door.ts'
import { Failure } from '../failure.ts'
import { dataFolder } from '../troubles/data-folder.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'
import { openLog } from './open-log.ts'
import { exitOnSurprise, stopSignal } from './signals.ts'

const { config, host, udpPort, dataDir, publicIp, natIp, relayPorts, logLevel } = serverOptions
const { turnRealm, turnQuotaUser, turnQuotaSource, turnQuotaTotal, turnBandwidth } = serverOptions
const { turnTcp, turnTcpPorts } = serverOptions
const { turnAllowPeer, turnDenyPeer, turnSecret, turnSecretFile, turnUser, turnUserFile } = serverOptions
const { turnProxyProtocol, turnAlternateServer, stunAlternate } = serverOptions
const { turnTlsPort, cert, key } = serverOptions

export const turn: Command = {
  doc: 'Serve STUN and TURN alone, over UDP, TCP and TLS, without web app and signalling.',
  options: {
    ...{ config, host, udpPort, dataDir, publicIp, natIp, relayPorts },
    ...{ turnRealm, turnQuotaUser, turnQuotaSource, turnQuotaTotal, turnBandwidth },
    ...{ turnTcp, turnTcpPorts },
    ...{ turnAllowPeer, turnDenyPeer, turnSecret, turnSecretFile, turnUser, turnUserFile },
    ...{ turnProxyProtocol, turnAlternateServer, stunAlternate },
    ...{ turnTlsPort, cert, key, logLevel },
  },
  async run(argv, io) {
    const { problems } = readFlags(this.options, argv)
    if (problems.length > 0) throw new Failure(2, problems.join('\n'))
    const { config, sources, warnings } = loadConfig({ argv, env: io.env, cwd: io.cwd })
    if (config.udpPort === 'off') throw new Failure(2, '--udp-port is off; there would be nothing to serve')
    const log = await openLog(config.logLevel, io)
    exitOnSurprise(log)
    for (const warning of warnings) log.warn(warning)
    dataFolder(config.dataDir)
    const [{ openEdge, turnSecrets }, { createHandover }, { openTlsDoor }] = await Promise.all([
      import('../edge/open.ts'),
      import('@parley/edge'),
      import('../edge/tls-door.ts'),
    ])
    const files = config.cert && config.key ? { cert: config.cert, key: config.key } : undefined
    const secure = files && config.turnTlsPort !== 'off' ? { files, port: config.turnTlsPort } : undefined
    const handover = secure && createHandover()
    const edge = await openEdge(config, {
      log,
      secrets: turnSecrets(config),
      handover: handover?.path,
      media: undefined,
      mayMove: sources.udpPort.from === 'default',
    })
    let door: TlsDoor | undefined
    const close = async () => {
      door?.close()
      handover?.close()
      await edge.stop()
    }
    try {
      const mayMove = sources.turnTlsPort.from === 'default'
      if (secure && handover)
        door = await openTlsDoor({ ...secure, host: config.host, mayMove, handover, log, now: io.now })
    } catch (error) {
      await close()
      throw error
    }
    const notes = [
      ...warnings,
      ...moved(config.udpPort, edge.port),
      ...moved(config.turnTlsPort, door?.port),
      ...(config.publicIp.length === 0 ? ['No public address set: relays reach this network alone (--public-ip)'] : []),
    ]
    io.out(
      [
        '',
        ` Parley ${version} STUN/TURN ready in ${(io.uptimeMs() / 1000).toFixed(1)} s`,
        ` STUN/TURN  udp/tcp ${edge.port} ✓${door ? `   tls ${door.port} ✓` : ''}`,
        ` Secret     ${config.turnSecret.length > 0 ? 'as given' : `${config.dataDir}/turn.key`}`,
        ...notes.map(note => ` ! ${note}`),
        ...(io.columns === undefined ? [] : [' Stop  Ctrl+C']),
        '\n',
      ].join('\n'),
    )
    const reason = await stopSignal()
    log.info({ reason }, 'stopping')
    await close()
    log.info('stopped')
    return 0
  },
}

function moved(asked: number | 'off', got: number | undefined): string[] {
  return asked === 'off' || asked === 0 || got === undefined || asked === got
    ? []
    : [`Port ${asked} is taken, so it is ${got}`]
}
