import { z } from 'zod'
import { limits } from './limits.ts'

/** Problems of a server that its users notice. Its log and `parley doctor` say what to do about them. */
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
 * The answer to `GET /api/info`: enough to make an invite that works on another device. The version, and addresses that the
 * client does not know already, are told only to admins and on the server’s own machine.
 */
export const serverInfo = z.object({
  version: z.string().optional().describe('Only for admins and on the server’s own machine.'),
  auth: z.enum(['open', 'token']).describe('open: no token is needed to connect.'),
  urls: z
    .array(z.string())
    .describe('HTTPS origins at which others can reach this server, the best first; empty if none is known.'),
  trustUrl: z
    .string()
    .optional()
    .describe('The page that explains how to trust the self-made certificate, if there is one.'),
  sfu: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('ready') }),
      z.object({ is: z.literal('missing'), why: z.string().describe('What the server’s machine lacks.') }),
    ])
    .optional()
    .describe('Whether the server can forward media, for rooms of any size. Absent: it is not meant to.'),
  troubles: z
    .array(z.enum(serverTroubles))
    .optional()
    .describe('Problems that the server has found with itself; absent: none.'),
  roomSize: z.number().int().max(limits.roomCapacityMax).describe('The most people in a room.'),
})
export type ServerInfo = z.output<typeof serverInfo>
