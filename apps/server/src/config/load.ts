import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve as resolvePath } from 'node:path'
import { Failure } from '../failure.ts'
import { readConfigFile } from './file.ts'
import { readFlags } from './flags.ts'
import { type Config, serverOptions } from './options.ts'
import { type Layer, type Resolved, resolve } from './resolve.ts'
import { readableSecrets, readSecretFiles, secretsOnCommandLine } from './secrets.ts'
import { nearest } from './suggest.ts'
import { environmentName, type OptionTable } from './table.ts'

export interface Loaded {
  readonly config: Config
  readonly sources: Resolved<typeof serverOptions>['sources']
  /** Worth saying, though nothing is wrong. */
  readonly warnings: readonly string[]
}

export interface Surroundings {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/**
 * The server's settings from flags, then environment, then file, then defaults.
 * @throws Failure with exit code 2 that lists everything wrong at once.
 */
export function loadConfig({ argv, env, cwd }: Surroundings): Loaded {
  const flags = readFlags(serverOptions, argv)
  const strongest: Layer[] = [
    { source: { from: 'flag' }, values: flags.values, folder: cwd },
    { source: { from: 'environment' }, values: readEnvironment(serverOptions, env), folder: cwd },
  ]
  const asked = resolve({ config: serverOptions.config }, strongest, cwd).values.config
  const file = readConfigFile(serverOptions, asked ?? resolvePath(cwd, 'parley.json'), asked !== undefined)
  const secrets = readSecretFiles(serverOptions, file.layer ? [...strongest, file.layer] : strongest)
  const resolved = resolve(serverOptions, secrets.layers, cwd)
  const problems = [...flags.problems, ...file.problems, ...secrets.problems, ...resolved.problems]
  if (problems.length === 0) problems.push(...disagreements(resolved.values))
  if (problems.length > 0) throw new Failure(2, problems.join('\n'))
  const { natIp, publicIp } = resolved.values
  const outsides = new Set([...publicIp, ...natIp.map(({ outside }) => outside)])
  const config = { ...resolved.values, publicIp: [...outsides] }
  const warnings = [
    ...strangers(env),
    ...secretsOnCommandLine(serverOptions, flags.values),
    ...readableSecrets(serverOptions, secrets.layers),
  ]
  return { config, sources: resolved.sources, warnings }
}

/** An empty variable counts as not set: that is how compose files leave one out. */
function readEnvironment(table: OptionTable, env: Surroundings['env']): Map<string, string> {
  const values = new Map<string, string>()
  for (const name of Object.keys(table)) {
    const written = env[environmentName(name)]
    if (written) values.set(name, written)
  }
  return values
}

/** Problems between options each of which is fine alone. */
function disagreements(config: Config): string[] {
  const problems: string[] = []
  if (config.cert && !config.key) problems.push('--cert is given without --key; both or neither')
  if (config.key && !config.cert) problems.push('--key is given without --cert; both or neither')
  for (const name of ['cert', 'key'] as const) {
    const path = config[name]
    if (path && !existsSync(path)) problems.push(`--${name} is “${path}”; there is no such file`)
  }
  if (config.port !== 0 && config.port === config.httpPort) {
    problems.push(`--port and --http-port are both ${config.port}; each needs its own`)
  }
  const alternates = config.turnAlternateServer.map(({ ip }) => isIP(ip))
  if (new Set(alternates).size < alternates.length) {
    problems.push('--turn-alternate-server is given twice for one IP version; clients are sent to one')
  }
  if (config.stunAlternate?.port !== undefined && config.stunAlternate.port === config.udpPort) {
    problems.push(`--stun-alternate and --udp-port are both on port ${config.udpPort}; NAT discovery needs two`)
  }
  if (config.stunAlternate && config.stunAlternate.ip === config.host) {
    problems.push(`--stun-alternate and --host are both ${config.host}; NAT discovery needs two addresses`)
  }
  return problems
}

/** Variables that look like a misspelt option. Others are left alone: Kubernetes sets `PARLEY_SERVICE_HOST` and such. */
function strangers(env: Surroundings['env']): string[] {
  const known = new Set(Object.keys(serverOptions).map(environmentName))
  return Object.keys(env)
    .filter(variable => variable.startsWith('PARLEY_') && !known.has(variable))
    .flatMap(variable => {
      const meant = nearest(
        variable.slice('PARLEY_'.length),
        [...known].map(name => name.slice('PARLEY_'.length)),
      )
      return meant ? [`${variable} is not an option; PARLEY_${meant} is`] : []
    })
}
