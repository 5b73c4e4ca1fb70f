import { z } from 'zod'

/**
 * The plain relay, `wss://host/relay/<room>`: any JSON object with a `type` goes, unchanged, to the others in the room.
 * The server itself sends `{"type":"error"}`, and `{"type":"bye"}` for a peer that left without saying so.
 * With `--auth token` the first message must be `{"type":"auth","token":"…"}`.
 */
export const relayMessage = z.looseObject({ type: z.string().min(1).max(64) })
export const relayAuth = z.strictObject({ type: z.literal('auth'), token: z.string().max(4096) })
