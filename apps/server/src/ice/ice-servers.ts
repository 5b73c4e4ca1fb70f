import { createHash } from 'node:crypto'
import { bracketed } from '@parley/net'
import type { IceServer } from '@parley/protocol'
import type { IceServerSource } from '@parley/signaling'
import { makeCredential } from '@parley/turn'
import { hostOf } from '../http/urls.ts'
import { loopbackFor } from '../reachability/listening.ts'

/** The longest lifetime of credentials; they never outlive the rights of their owner. Clients ask for new ones in time. */
export const credentialSeconds = 3600

export interface IceServersOptions {
  /** The port of STUN and TURN over UDP and TCP; undefined: there is none. */
  readonly port: () => number | undefined
  /** The HTTPS port, which serves TURN over TLS too; undefined if a proxy in front terminates TLS. */
  readonly tlsPort: () => number | undefined
  readonly secrets: readonly [string, ...string[]]
  /** What the server listens on. */
  readonly host: string
  /** Names and addresses for clients that did not say by which one they reached us, the best first. */
  readonly names: () => readonly string[]
  /** Ends a TURN user's relays and credentials, until a time in ms since 1970. */
  readonly revokeUser: (user: string, untilMs: number) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface IceServers extends IceServerSource {
  /** Invalidates the credentials that the identity has been given so far; those it is given from now on are valid. */
  revoke(identity: string): void
}

/** STUN and TURN of this server, under the name by which the client reached it, with credentials for its identity. */
export function createIceServers(options: IceServersOptions): IceServers {
  /** How often an identity was revoked while older credentials could still be valid, and until when they could. */
  const revoked = new Map<string, { readonly times: number; readonly untilMs: number }>()

  /** A different one after each revocation. */
  function currentName(identity: string): string {
    const times = revoked.get(identity)?.times
    return times === undefined ? turnUser(identity) : `${turnUser(identity)}~${times}`
  }

  return {
    revoke(identity) {
      const wallMs = options.now()
      for (const [other, { untilMs }] of revoked) if (untilMs <= wallMs) revoked.delete(other)
      const untilMs = wallMs + credentialSeconds * 1000
      options.revokeUser(currentName(identity), untilMs)
      revoked.set(identity, { times: (revoked.get(identity)?.times ?? 0) + 1, untilMs })
    },
    iceServers(identity, hostHeader, until = Number.POSITIVE_INFINITY) {
      const { port, tlsPort, secrets, names, host, now } = options
      const at = port()
      const name = hostOf(hostHeader) ?? names()[0]
      if (at === undefined || name === undefined) return []
      const where = bracketed(name === 'localhost' ? loopbackFor(host) : name)
      const secure = tlsPort()
      const stun: IceServer = { urls: [`stun:${where}:${at}`] }
      const seconds = Math.min(credentialSeconds, Math.floor((until - now()) / 1000))
      if (seconds <= 0) return [stun]
      const { username, credential } = makeCredential(secrets, currentName(identity), seconds, now())
      const turn: IceServer = {
        urls: [
          `turn:${where}:${at}?transport=udp`,
          `turn:${where}:${at}?transport=tcp`,
          ...(secure === undefined ? [] : [`turns:${bracketed(name)}:${secure}?transport=tcp`]),
        ],
        username,
        credential,
      }
      return [stun, turn]
    },
  }
}

const plainIdentity = /^[\w.@:+-]{1,128}$/

/**
 * The name of an identity in TURN, where it travels in the clear and has to survive SASLprep (RFC 8265): the identity itself if
 * that is harmless, a digest of it otherwise.
 */
function turnUser(identity: string): string {
  return plainIdentity.test(identity) ? identity : createHash('sha256').update(identity).digest('base64url')
}
