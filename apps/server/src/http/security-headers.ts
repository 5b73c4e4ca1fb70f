import { createMiddleware } from 'hono/factory'
import type { Env } from './env.ts'

export interface SecurityHeaderOptions {
  /** Vite's dev server puts scripts and styles into the page. */
  readonly dev: boolean
  /** The name for which browsers are told never to use plain HTTP again; set only with a certificate that they trust. */
  readonly strictTransportFor: string | undefined
}

const permissions = [
  ...['camera', 'microphone', 'display-capture', 'fullscreen', 'picture-in-picture', 'screen-wake-lock'].map(
    feature => `${feature}=(self)`,
  ),
  ...['geolocation', 'payment', 'usb', 'serial', 'hid', 'midi'].map(feature => `${feature}=()`),
].join(', ')

/** Content-Security-Policy for the app as served under `host`: nothing inline, nothing from elsewhere. */
function contentSecurityPolicy(host: string | undefined, dev: boolean): string {
  const inline = dev ? " 'unsafe-inline'" : ''
  const socket = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` wss://${host}` : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval'${inline}`,
    `style-src 'self'${inline}`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self'${socket}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** Puts the headers that keep a page safe on every response. */
export function securityHeaders({ dev, strictTransportFor }: SecurityHeaderOptions) {
  return createMiddleware<Env>(async (c, next) => {
    await next()
    const host = c.req.header('host')
    const { headers } = c.res
    headers.set('content-security-policy', contentSecurityPolicy(host, dev))
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('permissions-policy', permissions)
    headers.set('cross-origin-opener-policy', 'same-origin')
    if (strictTransportFor && host?.replace(/:\d+$/, '').toLowerCase() === strictTransportFor) {
      headers.set('strict-transport-security', 'max-age=31536000')
    }
  })
}
