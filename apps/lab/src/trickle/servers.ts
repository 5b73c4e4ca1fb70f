import type { IceServer } from '@parley/protocol'
import { isTurn, parseServerUrl } from './server-url.ts'
import type { AskedServer } from './verdict.ts'

/** One address in the editor. */
export interface EditedServer extends AskedServer {
  /** Whether the address came with the session, that is, from our own server. */
  readonly own: boolean
}

/** Splits an ICE server list into one entry per address. */
export function serversOf(iceServers: readonly IceServer[]): readonly EditedServer[] {
  return iceServers.flatMap(({ urls, username = '', credential = '' }) =>
    urls.map(url => ({ url, username, credential, own: true })),
  )
}

/** The servers for an RTCPeerConnection: one entry per address, so that a rejected one does not affect the others. */
export function toIceServers(servers: readonly AskedServer[]): RTCIceServer[] {
  return servers.map(({ url, username, credential }) => ({
    urls: url.trim(),
    ...(needsPassword(url) && { username, credential }),
  }))
}

export function needsPassword(url: string): boolean {
  const parsed = parseServerUrl(url)
  return !('problem' in parsed) && isTurn(parsed)
}
