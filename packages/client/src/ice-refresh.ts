import type { IceServer } from '@parley/protocol'

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
