import { type Edge, type EdgeOptions, RemoteError, startEdge } from '@parley/edge'
import type { Config } from '../config/options.ts'
import { portFailure } from '../http/listen.ts'
import type { Log } from '../log/log.ts'
import { surroundings } from '../reachability/surroundings.ts'
import { loadTurnSecret } from '../tokens/key.ts'
import { edgeAddresses, edgeConfig } from './edge-config.ts'

export interface OpenEdgeOptions {
  readonly log: Log
  readonly secrets: readonly string[]
  /** The local socket for streams without TLS; undefined: none come. */
  readonly handover: string | undefined
  /** Who hears of media; undefined: none are forwarded. */
  readonly media: EdgeOptions['media']
  /** A taken port may be replaced by the next free one. */
  readonly mayMove: boolean
}

/** How often the machine's interfaces are looked at. */
const lookMs = 10_000

/**
 * Starts STUN and TURN as configured, and tells them when the machine's addresses change. Throws Failure in words when the
 * port cannot be had.
 */
export async function openEdge(config: Config, { log, media, ...settings }: OpenEdgeOptions): Promise<Edge> {
  const port = config.udpPort === 'off' ? 0 : config.udpPort
  try {
    return await startEdge({
      config: edgeConfig(config, surroundings(config), { ...settings, port, media: media !== undefined }),
      addresses: { read: () => edgeAddresses(surroundings(config)), everyMs: lookMs },
      log,
      ...(media && { media }),
    })
  } catch (error) {
    if (error instanceof RemoteError) throw portFailure(error, { host: config.host, port, flag: '--udp-port' })
    throw error
  }
}

/** Those that were given, or the one in the data folder. */
export function turnSecrets({ turnSecret: [first, ...rest], dataDir }: Config): readonly [string, ...string[]] {
  return first === undefined ? [loadTurnSecret(dataDir)] : [first, ...rest]
}
