import { AppError } from '@parley/protocol'
import { Hono } from 'hono'
import type { Metrics } from '../metrics/metrics.ts'
import { type AdminAccess, isInsider } from './admin-access.ts'
import { isFromThisMachine } from './client-address.ts'
import type { Env } from './env.ts'

export interface HealthOptions {
  readonly isStopping: () => boolean
  /** Why the server is not ready; undefined if everything that was configured works. */
  readonly ailing: () => string | undefined
  readonly metrics: Metrics
  readonly metricsFor: 'private' | 'open'
  readonly admin: AdminAccess
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Not everybody is told which versions run here. */
const versions = /^(parley_info|nodejs_version_info)\{.*\n/gm

/** `/healthz`: the process answers. `/readyz`: it takes new clients. `/metrics`: Prometheus text. */
export function health({ isStopping, ailing, metrics, metricsFor, admin, now }: HealthOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/healthz', c => {
    // By the clock that decides over tokens and TURN credentials: operators compare it with their own.
    const date = new Date(now()).toUTCString()
    return c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store', date })
  })
  app.get('/readyz', c => {
    if (isStopping()) throw new AppError('server-stopping')
    const why = ailing()
    if (why !== undefined) {
      const told = isFromThisMachine(c.env.incoming) ? { why } : {}
      return c.json({ status: 'not ready', ...told }, 503, { 'cache-control': 'no-store' })
    }
    return c.json({ status: 'ready' }, 200, { 'cache-control': 'no-store' })
  })
  app.get('/metrics', async c => {
    const insider = await isInsider(c, admin)
    if (metricsFor === 'private' && !insider) {
      await admin(c)
      throw new AppError('not-allowed', 'The token is for one room; these are of the whole server.')
    }
    const text = await metrics.text()
    return c.body(insider ? text : text.replace(versions, ''), 200, {
      'content-type': metrics.contentType,
      'cache-control': 'no-store',
    })
  })
  return app
}
