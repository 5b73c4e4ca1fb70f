import { isIP } from 'node:net'
import { AppError, identity, roomName, type TokenClaims } from '@parley/protocol'
import type { Ban, Signaling } from '@parley/signaling'
import { Hono } from 'hono'
import { z } from 'zod'
import type { AdminAccess } from './admin-access.ts'
import { jsonBody } from './body.ts'
import type { Env } from './env.ts'

export type BanControl = Pick<Signaling, 'bans' | 'ban' | 'lift'>

const daySeconds = 86_400

const newBan = z
  .strictObject({
    room: roomName.optional(),
    identity: identity.optional(),
    address: z
      .string()
      .refine(text => isIP(text) !== 0, 'an IP address')
      .optional(),
    seconds: z
      .int()
      .min(1)
      .max(366 * daySeconds)
      .default(daySeconds),
  })
  .refine(ban => (ban.identity === undefined) !== (ban.address === undefined), 'say either identity or address')

/**
 * Bans: from a room, by an admin of that room; from the server, by an admin whose token names no room. The rooms API makes a ban
 * when it removes somebody; here bans are listed, made and lifted.
 */
export function bansApi(control: BanControl, access: AdminAccess, now: () => number): Hono<Env> {
  const api = new Hono<Env>()
  api.use(async (c, next) => {
    c.set('admin', await access(c))
    c.header('cache-control', 'no-store')
    await next()
  })
  const seen = (admin: TokenClaims) =>
    control.bans().filter(({ room }) => admin.room === undefined || admin.room === room)

  api.get('/', c => c.json({ bans: seen(c.get('admin')).map(describe) }))
  api.post('/', async c => {
    const parsed = newBan.safeParse(await jsonBody(c.req.raw))
    if (!parsed.success) throw new AppError('bad-request', `The ban does not fit: ${parsed.error.issues[0]?.message}.`)
    const { room, identity: who, address, seconds } = parsed.data
    const only = c.get('admin').room
    if (only !== undefined && only !== room) throw new AppError('not-allowed')
    const ban = control.ban({
      ...(room !== undefined && { room }),
      ...(who !== undefined && { identity: who }),
      ...(address !== undefined && { source: address }),
      until: now() + seconds * 1000,
    })
    return c.json(describe(ban), 201)
  })
  api.delete('/:id', c => {
    const ban = seen(c.get('admin')).find(({ id }) => id === c.req.param('id'))
    if (!ban || !control.lift(ban.id)) throw new AppError('not-found', 'There is no such ban, or no longer.')
    return c.body(null, 204)
  })
  return api
}

/** `address`: of IPv6 the whole /64 is meant. */
function describe({ id, room, identity: who, source, until }: Ban) {
  return { id, room, identity: who, address: source, until }
}
