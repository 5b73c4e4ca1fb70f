import { z } from 'zod'
import { displayName, identity, roomName } from './primitives.ts'

/** What a token lets its holder do. A missing grant takes the default. */
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
  room: roomName.optional().describe('The only room this token opens; without it every room, presence and calls.'),
  grants: grants.prefault({}),
  guest: z.boolean().default(false).describe('Made by the server in open mode; worth nothing in token mode.'),
})
export type TokenClaims = z.output<typeof tokenClaims>
