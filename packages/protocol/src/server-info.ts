import { z } from 'zod'
import { limits } from './limits.ts'

/** What can be wrong with a server that its guests feel; the server's log and `parley doctor` say what to do. */
export const serverTroubles = [
  'public-address',
  'domain',
  'udp',
  'websockets',
  'media-process',
  'certificate',
  'clock',
] as const
export type ServerTrouble = (typeof serverTroubles)[number]

/**
 * What `GET /api/info` tells: enough to make an invite that works on another device. The version, and addresses that the asker
 * does not know already, are told on the server’s own machine and to admins alone.
 */
export const serverInfo = z.object({
  version: z.string().optional().describe('Told on this machine and to admins.'),
  auth: z.enum(['open', 'token']).describe('open: no token is needed to connect.'),
  urls: z
    .array(z.string())
    .describe('HTTPS origins under which others reach this server, the best first; empty if none is known.'),
  trustUrl: z
    .string()
    .optional()
    .describe('Where a device learns to trust the self-made certificate; if there is one.'),
  sfu: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('ready') }),
      z.object({ is: z.literal('missing'), why: z.string().describe('What this machine lacks.') }),
    ])
    .optional()
    .describe('Whether the server can forward media, for rooms of any size. Absent: it is not meant to.'),
  troubles: z
    .array(z.enum(serverTroubles))
    .optional()
    .describe('What the server has found to be wrong with itself; absent: nothing.'),
  roomSize: z.number().int().max(limits.roomCapacityMax).describe('The most people in a room.'),
})
export type ServerInfo = z.output<typeof serverInfo>
