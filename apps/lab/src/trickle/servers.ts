import type { IceServer } from '@parley/protocol'
import { isTurn, parseServerUrl } from './server-url.ts'
import type { AskedServer } from './verdict.ts'

/** One address in the editor. */
export interface EditedServer extends AskedServer {
  /** Came with the session: this server's own. */
  readonly own: boolean
}

/** Every address of a list as browsers get it, each by itself. */
export function serversOf(iceServers: readonly IceServer[]): readonly EditedServer[] {
  return iceServers.flatMap(({ urls, username = '', credential = '' }) =>
    urls.map(url => ({ url, username, credential, own: true })),
  )
}

/** For an RTCPeerConnection: one entry for each address, so that one that is refused takes no other with it. */
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
