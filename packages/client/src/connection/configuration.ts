import type { IceServer } from '@parley/protocol'

/** What every connection of ours is made with. */
export function rtcConfiguration(
  servers: readonly IceServer[],
  iceTransportPolicy: RTCIceTransportPolicy,
): RTCConfiguration {
  const iceServers = servers.map(({ urls, username, credential }) => ({
    urls: [...urls],
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }))
  return { iceServers, iceTransportPolicy, bundlePolicy: 'max-bundle' }
}
