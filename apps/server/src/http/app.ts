import { AppError, type ServerInfo } from '@parley/protocol'
import { Hono } from 'hono'
import { type IceServersApiOptions, iceServersApi } from '../ice/ice-servers-api.ts'
import type { Finding } from '../troubles/finding.ts'
import { type WhipApiOptions, whipApi } from '../whip/whip-api.ts'
import { isInsider } from './admin-access.ts'
import { type BanControl, bansApi } from './bans-api.ts'
import { type CrossOriginOptions, crossOrigin } from './cross-origin.ts'
import type { Env } from './env.ts'
import { errorResponse, type Report } from './errors.ts'
import { type HealthOptions, health } from './health.ts'
import { type LeaveApiOptions, leaveApi } from './leave-api.ts'
import { type RoomControl, roomsApi } from './rooms-api.ts'
import { type SecurityHeaderOptions, securityHeaders } from './security-headers.ts'
import { hostOf } from './urls.ts'

/** `insider`: somebody on this machine, or an operator. Others are told only what they know already, by the name they used. */
export type Asker = 'insider' | { readonly host: string | undefined }

export interface AppOptions {
  readonly health: HealthOptions
  readonly rooms: RoomControl
  readonly bans: BanControl
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly info: (asker: Asker) => ServerInfo
  readonly leave: LeaveApiOptions
  readonly ice: IceServersApiOptions
  readonly whip: WhipApiOptions
  readonly headers: SecurityHeaderOptions
  readonly origins: CrossOriginOptions
  /** Serves everything that is not ours: the web app. */
  readonly pages: Hono<Env>
  readonly report: Report
  /** What is wrong with the server, and by which names and addresses guests have called it. */
  readonly saw: () => { readonly troubles: readonly Finding[]; readonly called: readonly string[] }
}

/** Everything that the HTTPS port serves, except signalling. */
export function createApp({
  health: healthOptions,
  rooms,
  bans,
  now,
  info,
  leave,
  ice,
  whip,
  headers,
  origins,
  pages,
  report,
  saw,
}: AppOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.use(securityHeaders(headers))
  // Before the policy of origins: pages that send no referrer send beacons with the origin `null` (Fetch Standard §3.2).
  app.route('/api/leave', leaveApi(leave))
  for (const path of ['/api/*', '/whip/*', '/whep/*']) app.use(path, crossOrigin(origins))
  app.options('/api/*', c => c.body(null, 204))
  app.route('/', health(healthOptions))
  app.get('/api/info', async c => {
    const asker = (await isInsider(c, healthOptions.admin)) ? 'insider' : { host: hostOf(c.req.header('host')) }
    return c.json(info(asker) satisfies ServerInfo, 200, { 'cache-control': 'no-store' })
  })
  app.get('/api/troubles', async c => {
    if ((await healthOptions.admin(c)).room !== undefined) {
      throw new AppError('not-allowed', 'The token is for one room; this is of the whole server.')
    }
    return c.json(saw(), 200, { 'cache-control': 'no-store' })
  })
  app.route('/api/rooms', roomsApi(rooms, healthOptions.admin))
  app.route('/api/bans', bansApi(bans, healthOptions.admin, now))
  app.route('/api/ice-servers', iceServersApi(ice))
  app.route('/whip', whipApi('whip', whip))
  app.route('/whep', whipApi('whep', whip))
  app.route('/', pages)
  app.notFound(c => {
    // Lets a page that mistakes us for another product read that we are not it.
    c.header('access-control-allow-origin', '*')
    return c.req.path.startsWith('/api/') || c.req.path === '/api'
      ? errorResponse(new AppError('not-found'), c, report)
      : c.text('Not found\n', 404)
  })
  app.onError((error, c) => errorResponse(error, c, report))
  return app
}
