import { AppError, participantId, roomName, trackSource } from '@parley/protocol'
import type { RoomInspection } from '@parley/sfu'
import type { RoomInfo, Signaling } from '@parley/signaling'
import { Hono } from 'hono'
import { z } from 'zod'
import type { AdminAccess } from './admin-access.ts'
import { jsonBody } from './body.ts'
import type { Env, ServerContext } from './env.ts'
import { describeMedia, withSide } from './room-media.ts'

export interface RoomControl extends Pick<Signaling, 'rooms' | 'room' | 'mute' | 'remove' | 'close'> {
  /** What the SFU measures of a room; undefined: its media do not go through it. Throws AppError `sfu-missing`. */
  media(room: string): Promise<RoomInspection | undefined>
}

const muteBody = z.strictObject({ source: trackSource })

/** The admin API: list, inspect, measure, mute, remove, close. An admin token for one room works for that room only. */
export function roomsApi(control: RoomControl, access: AdminAccess): Hono<Env> {
  const api = new Hono<Env>()
  api.use(async (c, next) => {
    c.set('admin', await access(c))
    await next()
  })

  /** The room that the path names, if the token is for it. */
  const named = (c: ServerContext): RoomInfo => {
    const name = parse(roomName, c.req.param('room'), 'room')
    const only = c.get('admin').room
    if (only !== undefined && only !== name) throw new AppError('not-allowed')
    const room = control.room(name)
    if (!room) throw new AppError('no-such-room')
    return room
  }

  api.get('/', c => {
    const only = c.get('admin').room
    const rooms = control.rooms().filter(room => only === undefined || room.name === only)
    return c.json({ rooms: rooms.map(room => ({ ...room, participants: room.participants.length })) })
  })
  api.get('/:room', c => {
    const room = named(c)
    const participants = room.participants.map(({ quality, ...participant }) => ({
      ...participant,
      ...(quality && { quality: withSide(quality) }),
    }))
    return c.json({ ...room, participants })
  })
  api.get('/:room/media', async c => {
    const { name } = named(c)
    const media = await control.media(name)
    if (media) return c.json(describeMedia(name, media))
    throw new AppError('no-sfu', 'Media of this room go directly between people: the server measures nothing.', {
      remedy: 'Look into the browsers of those who are in it: statistics in the meeting, or the Lab.',
    })
  })
  api.delete('/:room', c => {
    control.close(named(c).name)
    return c.body(null, 204)
  })
  api.delete('/:room/participants/:id', c => {
    control.remove(named(c).name, parse(participantId, c.req.param('id'), 'participant'))
    return c.body(null, 204)
  })
  api.post('/:room/participants/:id/mute', async c => {
    const { name } = named(c)
    const { source } = parse(muteBody, await jsonBody(c.req.raw), 'body')
    control.mute(name, parse(participantId, c.req.param('id'), 'participant'), source)
    return c.body(null, 204)
  })
  return api
}

function parse<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new AppError('bad-request', `The ${what} does not fit: ${parsed.error.issues[0]?.message}.`)
}
