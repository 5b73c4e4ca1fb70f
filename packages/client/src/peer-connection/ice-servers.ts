import type { IceServer } from '@parley/protocol'

/** The configuration of all our peer connections. */
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

/**
 * The ICE servers for a connection to the SFU: all but those that are reached over UDP. Those have the address and port of the
 * SFU itself, and Chromium treats everything that comes from the address of a STUN or TURN server as its answers, so that no
 * media could come from there directly. Nothing is lost: the SFU sees by itself where connectivity checks come from, and if UDP
 * reaches the relay, it reaches the SFU too. With the policy `relay`, all servers are kept.
 */
export function besideSfu(servers: readonly IceServer[], policy: RTCIceTransportPolicy): readonly IceServer[] {
  if (policy === 'relay') return servers
  return servers
    .map(server => ({ ...server, urls: server.urls.filter(url => !overUdp(url)) }))
    .filter(({ urls }) => urls.length > 0)
}

/** RFC 7064, RFC 7065. */
function overUdp(url: string): boolean {
  return /^stun:/i.test(url) || (/^turn:/i.test(url) && !/[?&]transport=tcp\b/i.test(url))
}

/** The shortest delay, ms, so that a server whose clock is wrong is not asked all the time. */
const atLeastMs = 60_000

/**
 * When to ask for new ICE servers: well before the first credential expires. Reads the expiry from user names of the TURN REST
 * convention, which begin with it, in seconds since 1970. Undefined if no credential expires.
 * @param now The server's time, ms.
 * @returns Milliseconds from now.
 */
export function refreshDelay(servers: readonly IceServer[], now: number): number | undefined {
  const expiries = servers.flatMap(({ username = '' }) => {
    const seconds = /^(\d{9,11})(?::|$)/.exec(username)?.[1]
    return seconds === undefined ? [] : [Number(seconds) * 1000]
  })
  if (expiries.length === 0) return undefined
  return Math.max(atLeastMs, (Math.min(...expiries) - now) * 0.8)
}
