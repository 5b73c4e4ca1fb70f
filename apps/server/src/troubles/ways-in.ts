import type { IncomingHttpHeaders } from 'node:http'
import { bad, type Finding, good, note } from './finding.ts'

/** How long UDP, or a WebSocket, may take to follow a client that came by something else, ms. */
const followMs = 10_000
/** How long an observation counts, ms: after that a firewall may have changed. */
const memoryMs = 10 * 60_000

/** Totals of what came from other machines. */
export interface FromOutside {
  /** STUN checks over UDP; at most one a second is counted. */
  readonly datagrams: number
  /** TURN and ICE over TCP and TLS. */
  readonly streams: number
}

/**
 * Concludes from the ways by which guests come which ways are blocked. Whoever can use UDP or a WebSocket does, so streams without
 * datagrams, or polling without WebSockets, mean a firewall or a proxy in between. Pure; `now` is in milliseconds.
 */
export class WaysIn {
  readonly #behindProxy: boolean
  #last: FromOutside = { datagrams: 0, streams: 0 }
  #datagramAt = Number.NEGATIVE_INFINITY
  #streams: Arrivals | undefined
  #webSocketAt = Number.NEGATIVE_INFINITY
  #pollers: Arrivals | undefined

  /** @param behindProxy A reverse proxy tells the addresses of guests. */
  constructor(behindProxy: boolean) {
    this.#behindProxy = behindProxy
  }

  /** Takes the totals of the media process, which begin at 0 again whenever it restarts. */
  counted(sums: FromOutside, now: number): void {
    const since = (name: keyof FromOutside) =>
      sums[name] < this.#last[name] ? sums[name] : sums[name] - this.#last[name]
    const [datagrams, streams] = [since('datagrams'), since('streams')]
    this.#last = sums
    if (streams > 0)
      this.#streams = { since: this.#streams?.since ?? now, last: now, count: (this.#streams?.count ?? 0) + streams }
    if (datagrams === 0) return
    this.#datagramAt = now
    this.#streams = undefined
  }

  /**
   * A signalling client has a WebSocket, or has gone on without one for long enough. A client that bypasses the proxy, as `doctor`
   * does, tells nothing about what the proxy lets through.
   */
  connected(by: 'websocket' | 'polling', headers: IncomingHttpHeaders, now: number): void {
    if (by === 'websocket') {
      if (this.#behindProxy && headers['x-forwarded-for'] === undefined) return
      this.#webSocketAt = now
      this.#pollers = undefined
    } else this.#pollers = { since: this.#pollers?.since ?? now, last: now, count: (this.#pollers?.count ?? 0) + 1 }
  }

  /** @param ports of STUN, TURN and media */
  udp(ports: readonly number[], now: number): Finding {
    const check = 'UDP from outside'
    const came = recent(this.#streams, now)
    if (now - this.#datagramAt < memoryMs) return good(check, 'guests come by UDP')
    if (!came || now - came.since < followMs) return good(check, 'nobody has shown that it is blocked')
    const open = ports.map(port => `udp/${port}`).join(', ')
    const remedy =
      `Let the firewall of this machine and that of its provider (security group) pass ${open} in. If only one guest has ` +
      `come, their own network may block UDP: npx parley nat --server <this server>:${ports[0]}, from another network, tells.`
    const detail = `${times(came.count, 'connection')} came by TCP or TLS from other machines, but not one datagram`
    return bad(check, `${detail}: UDP does not reach this server, so media takes the slow way`, remedy)
  }

  webSockets(now: number): Finding {
    const check = 'WebSockets'
    const came = recent(this.#pollers, now)
    if (!came || now - this.#webSocketAt < memoryMs) return good(check, 'they pass, or nobody needed one')
    const remedy =
      'Let the reverse proxy pass upgrades. nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; ' +
      'proxy_set_header Connection "upgrade". Apache: mod_proxy_wstunnel. Caddy and Traefik do by themselves.'
    const who = this.#behindProxy ? 'the reverse proxy' : 'a proxy or a firewall on the way'
    const detail = `${times(came.count, 'guest')} went on by polling, none by WebSocket: ${who} does not let WebSockets pass`
    return this.#behindProxy ? bad(check, detail, remedy) : note(check, detail, remedy)
  }
}

interface Arrivals {
  readonly since: number
  readonly last: number
  readonly count: number
}

function recent(arrivals: Arrivals | undefined, now: number): Arrivals | undefined {
  return arrivals && now - arrivals.last < memoryMs ? arrivals : undefined
}

function times(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
