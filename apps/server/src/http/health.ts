import { AppError } from '@parley/protocol'
import { Hono } from 'hono'
import type { Metrics } from '../metrics/metrics.ts'
import type { AdminAccess } from './admin-access.ts'
import { isFromThisMachine } from './client-address.ts'
import type { Env } from './env.ts'

export interface HealthOptions {
  readonly isStopping: () => boolean
  /** Undefined: everything that was asked for works. */
  readonly ailing: () => string | undefined
  readonly metrics: Metrics
  readonly metricsFor: 'private' | 'open'
  readonly admin: AdminAccess
}

/** `/healthz`: the process answers. `/readyz`: it takes new clients. `/metrics`: Prometheus text. */
export function health({ isStopping, ailing, metrics, metricsFor, admin }: HealthOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/healthz', c => c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' }))
  app.get('/readyz', c => {
    if (isStopping()) throw new AppError('server-stopping')
    const why = ailing()
    if (why !== undefined) return c.json({ status: 'not ready', why }, 503, { 'cache-control': 'no-store' })
    return c.json({ status: 'ready' }, 200, { 'cache-control': 'no-store' })
  })
  app.get('/metrics', async c => {
    if (metricsFor === 'private' && !isFromThisMachine(c.env.incoming)) {
      const { room } = await admin(c)
      if (room !== undefined)
        throw new AppError('not-allowed', 'The token is for one room; these are of the whole server.')
    }
    return c.body(await metrics.text(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
  })
  return app
}
