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

/**
 * The ICE servers for a connection to the SFU: without those reached over UDP. They have the SFU's own address and port
 * there, and Chromium takes whatever comes from a STUN or TURN server's address for that server's answers: no media would
 * ever come from it directly. Nothing is lost: an SFU sees by itself where checks come from, and where UDP gets through to
 * the relay it gets through to the SFU. Who may only be relayed keeps them all.
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

/** Never sooner, ms: a server with its clock set wrong must not be asked all the time. */
const atLeastMs = 60_000

/**
 * When to ask for new ICE servers: well before the first credential expires. Reads the TURN REST convention (a user name
 * that begins with its expiry, in seconds since 1970); undefined where no credential has one.
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
