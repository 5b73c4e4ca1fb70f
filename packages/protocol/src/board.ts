import { z } from 'zod'
import { limits } from './limits.ts'
import { participantId, roomName } from './primitives.ts'

const key = z
  .string()
  .regex(new RegExp(`^[\\w./:-]{1,${limits.boardKeyChars}}$`), 'letters, digits and . / : _ -')
  .describe('What the entry is about, as the clients name it: up to 128 letters, digits and `. / : _ -`.')

/** A place in the order of a board's changes; it only rises. */
const revision = z.number().int().nonnegative()

/**
 * One entry of a board. Of two with the same key, the one of higher `version` wins; if they are equal, the one of lower `nonce`. So
 * everybody ends up with the same, in whatever order entries come, and however often.
 */
export const boardEntry = z.strictObject({
  key,
  version: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Rises with every change.'),
  nonce: z
    .number()
    .int()
    .nonnegative()
    .max(0x7fffffff)
    .describe('Decides between two of the same version: the lower wins.'),
  value: z
    .string()
    .max(limits.boardValueChars)
    .describe('Opaque to the server: what the clients make of it, encrypted where the room is.'),
  gone: z
    .literal(true)
    .optional()
    .describe('It stands for something deleted. When there is no space, the oldest of these are forgotten.'),
})
export type BoardEntry = z.output<typeof boardEntry>

export const boardEntries = z.array(boardEntry).min(1).max(limits.boardBatch).readonly()

/** Which board this is; a room that starts anew has another one. */
const boardId = z.string().min(1).max(64)

/** Where a change stands in the order of all changes. */
const change = {
  board: boardId.describe('Which board: the server may have started a new one.'),
  after: revision.describe(
    'The place before this change. Later than the last that you know: you have missed some; follow again.',
  ),
  revision: revision.describe('The place after it.'),
}

export const boardChange = z.object(change)
export type BoardChange = z.output<typeof boardChange>

export const boardPlace = z.strictObject({ board: boardId, after: revision })
export type BoardPlace = z.output<typeof boardPlace>

export const boardPage = z.object({
  board: boardId,
  revision: revision.describe('The place after the last of `entries`: where to go on.'),
  entries: z.array(boardEntry).readonly(),
  more: z.boolean().describe('There are more: ask again, from `revision` on.'),
  whole: z
    .boolean()
    .describe(
      'The pages begin at the beginning, since your place is of another board, or too old: what they do not list is not there.',
    ),
})
export type BoardPage = z.output<typeof boardPage>

export const boardChanged = z.object({ room: roomName, from: participantId, ...change, entries: boardEntries })

/** Where somebody points, in the clients' words; empty: nowhere any more. */
export const boardCursor = z.string().max(limits.boardCursorChars)

export const boardTouched = z.object({ room: roomName, from: participantId, how: z.enum(['opened', 'drew']) })
