import { z } from 'zod'
import { clientId, displayName, identity } from './primitives.ts'

/** The Socket.IO `auth` payload. Tokens travel here and never in a URL. */
export const handshake = z.strictObject({
  token: z.string().max(4096).optional().describe('Access token; may be absent in open mode.'),
  name: displayName.optional().describe('Used when the token has no name.'),
  ticket: z.string().max(4096).optional().describe('From `welcome`, on reconnecting.'),
  clock: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('What time it is there, ms since 1970, so that a wrong clock is found.'),
  after: z.number().int().nonnegative().optional().describe('The last event seen, on reconnecting.'),
  tab: clientId
    .optional()
    .describe('The same before and after a reload: a session of this person that came with it is given up at once.'),
})
export type Handshake = z.output<typeof handshake>

/** The body of `POST /api/leave`: a page that goes away gives up its session. `ticket` and `identity` are those of `welcome`. */
export const leaving = z.strictObject({ ticket: z.string().max(4096), identity })
export type Leaving = z.output<typeof leaving>
