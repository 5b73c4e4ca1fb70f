import type { IceServer } from '@parley/protocol'

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
