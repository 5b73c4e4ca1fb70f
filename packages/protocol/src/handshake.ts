import { z } from 'zod'
import { clientId, displayName, identity, roomName } from './primitives.ts'

/** What a token allows. A missing grant has its default. */
export const grants = z.object({
  publish: z.boolean().default(true).describe('Announce and send camera, microphone and screen.'),
  subscribe: z.boolean().default(true).describe('Receive what others send.'),
  chat: z.boolean().default(true).describe('Write chat messages.'),
  admin: z.boolean().default(false).describe('Use the admin API.'),
})
export type Grants = z.output<typeof grants>

/** Claims of an access token: JWT, HS256, `aud: "parley"`. Other registered claims (`iat`, `nbf`, …) are allowed. */
export const tokenClaims = z.object({
  sub: identity,
  name: displayName.optional(),
  room: roomName
    .optional()
    .describe('The only room that this token opens. Absent: it opens every room, presence and calls.'),
  grants: grants.prefault({}),
  guest: z.boolean().default(false).describe('Made by the server in open mode; not valid in token mode.'),
})
export type TokenClaims = z.output<typeof tokenClaims>

/** The Socket.IO `auth` payload. Tokens travel here and never in a URL. */
export const handshake = z.strictObject({
  token: z.string().max(4096).optional().describe('Access token; may be absent in open mode.'),
  name: displayName.optional().describe('Used if the token has no name.'),
  ticket: z.string().max(4096).optional().describe('On reconnecting: the ticket of the last `welcome`.'),
  clock: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('The client’s time, ms since 1970, so that a wrong clock is noticed.'),
  after: z.number().int().nonnegative().optional().describe('On reconnecting: the number of the last event seen.'),
  tab: clientId
    .optional()
    .describe(
      'Identifies the tab, also after a reload: an earlier session of this person with the same value ends at once.',
    ),
})
export type Handshake = z.output<typeof handshake>

/** The body of `POST /api/leave`, by which a page that is closed ends its session. Both values are those of `welcome`. */
export const leaving = z.strictObject({ ticket: z.string().max(4096), identity })
export type Leaving = z.output<typeof leaving>
