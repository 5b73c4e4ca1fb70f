import { type Loaded, loadConfig } from '../config/load.ts'
import { serverOptions } from '../config/options.ts'
import type { ParleyServer } from '../server.ts'
import { startScreen } from '../terminal/start-screen.ts'
import { sentence } from '../troubles/finding.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'
import { type Io, wantsColour } from './io.ts'
import { openLog } from './open-log.ts'
import { exitOnSurprise, stopSignal } from './signals.ts'

export const serve: Command = {
  doc: 'Start the server; what `parley` does by itself.',
  options: serverOptions,
  async run(argv, io) {
    const loaded = loadConfig({ argv, env: io.env, cwd: io.cwd })
    const { config, sources, warnings } = loaded
    const log = await openLog(config.logLevel, io)
    exitOnSurprise(log)
    for (const warning of warnings) log.warn(warning)
    const { startServer } = await import('../server.ts')
    const server = await startServer({
      ...config,
      log,
      mayMove: {
        port: sources.port.from === 'default',
        httpPort: sources.httpPort.from === 'default',
        udpPort: sources.udpPort.from === 'default',
      },
      dev: io.env.PARLEY_DEV === '1',
    })
    io.out(welcome(server, loaded, io))
    const reason = await stopSignal()
    log.info({ reason }, 'stopping')
    await server.close()
    log.info('stopped')
    return 0
  },
}

function welcome(server: ParleyServer, { config, warnings }: Loaded, io: Io): string {
  const { urls, trustUrl, auth } = server.info()
  return startScreen({
    version,
    startedInMs: io.uptimeMs(),
    url: server.url,
    urls,
    certificate: server.authority ? 'self-made' : 'own',
    trustUrl,
    auth,
    edge: server.edge && { port: server.edge.port, loop: server.edge.loop, sfu: server.edge.sfu },
    publicAddress: config.publicIp.length > 0,
    notes: [
      warnings,
      moved('Port', config.port, server.port),
      moved('Plain HTTP port', config.httpPort, server.httpPort),
      moved('STUN/TURN port', config.udpPort, server.edge?.port),
      madeAnew(server.authority),
      server.troubles().map(sentence),
    ].flat(),
    columns: io.columns,
    colour: wantsColour(io, io.columns !== undefined),
  })
}

function madeAnew(authority: ParleyServer['authority']): string[] {
  return authority?.replaced === undefined
    ? []
    : [`The certificate authority is a new one (the old one: ${authority.replaced}): trust it on each device again`]
}

function moved(what: string, asked: number | 'off', got: number | undefined): string[] {
  return asked === 'off' || asked === 0 || got === undefined || asked === got
    ? []
    : [`${what} ${asked} is taken, so it is ${got}`]
}
