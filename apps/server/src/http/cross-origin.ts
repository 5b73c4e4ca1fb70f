import { AppError } from '@parley/protocol'
import { createMiddleware } from 'hono/factory'
import type { Env, ServerContext } from './env.ts'

/** Whether pages of an origin may connect to a server that is called `host`. */
export type AllowOrigin = (origin: string, host: string | undefined) => boolean

const localhost = /^https?:\/\/(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/

/**
 * Allows the server's own pages, pages served on the visitor's own machine (a developer's), and what the owner lists.
 * `domain` is the server's public name, for proxies that change the Host header.
 */
export function originPolicy(allowed: readonly string[], domain: string | undefined): AllowOrigin {
  const listed = new Set(domain ? [...allowed, `https://${domain}`] : allowed)
  return (origin, host) => {
    if (listed.has(origin) || localhost.test(origin)) return true
    if (!host || !URL.canParse(origin) || !URL.canParse(`https://${host}`)) return false
    return new URL(origin).origin === new URL(`https://${host}`).origin
  }
}

export interface CrossOriginOptions {
  readonly allowOrigin: AllowOrigin
  /** Accepts any token of ours, even an expired one; throws AppError otherwise. */
  recognize(token: string): Promise<unknown>
}

const methods = 'GET, HEAD, POST, PATCH, DELETE, OPTIONS'
const forAsking = 'Authorization, Content-Type, If-Match'
const forReading = 'Location, ETag, Link, Accept-Patch, Retry-After'

/**
 * Which pages may use the API (Fetch Standard §3.2): those that may connect for signalling, and any page that presents a token of
 * ours. A page of another origin without one could use what the visitor's network may, without asking the visitor. Programs other
 * than browsers send no Origin.
 */
export function crossOrigin({ allowOrigin, recognize }: CrossOriginOptions) {
  return createMiddleware<Env>(async (c, next) => {
    const origin = c.req.header('origin')
    if (origin === undefined) return next()
    if (allowOrigin(origin, c.req.header('host'))) {
      permit(c, origin)
      c.header('vary', 'origin', { append: true })
      return next()
    }
    if (c.req.method === 'OPTIONS') {
      if (asksForToken(c)) permit(c, '*')
      return next()
    }
    const token = bearerToken(c)
    if (token === undefined) throw new AppError('origin-refused')
    permit(c, '*')
    await recognize(token)
    return next()
  })
}

/** The token of `Authorization: Bearer …` (RFC 6750 §2.1); undefined without one. */
export function bearerToken(c: ServerContext): string | undefined {
  return /^Bearer +([\w.-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

function permit(c: ServerContext, origin: string): void {
  c.header('access-control-allow-origin', origin)
  c.header('access-control-allow-methods', methods)
  c.header('access-control-allow-headers', forAsking)
  c.header('access-control-expose-headers', forReading)
  c.header('access-control-max-age', '86400')
}

/** A preflight for a request that will carry a token. */
function asksForToken(c: ServerContext): boolean {
  const asked = (c.req.header('access-control-request-headers') ?? '').toLowerCase().split(',')
  return asked.some(name => name.trim() === 'authorization')
}
