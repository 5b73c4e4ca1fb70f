import { z } from 'zod'
import { limits } from './limits.ts'

const description = z.strictObject({
  type: z.enum(['offer', 'answer', 'rollback', 'pranswer']),
  sdp: z.string().max(limits.sdpChars),
})

export const candidate = z.strictObject({
  candidate: z.string().max(limits.candidateChars),
  sdpMid: z.string().max(64).nullish(),
  sdpMLineIndex: z.number().int().min(0).max(255).nullish(),
  usernameFragment: z.string().max(256).nullish(),
})

/** A message between two peers that negotiate. The server checks its shape and size, and otherwise does not read it. */
export const signalBody = z.object({
  connection: z.string().min(1).max(64).describe('Names the sender’s RTCPeerConnection: a new name, a new connection.'),
  seq: z
    .number()
    .int()
    .nonnegative()
    .describe('Counts up within `connection`; a number that has already come is dropped.'),
  signal: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('description'),
      description,
      answers: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe(
          'In an answer: the `seq` of the offer that it answers. An answer to an offer that was rolled back is dropped.',
        ),
    }),
    z.strictObject({ kind: z.literal('candidate'), candidate: candidate.nullable() }),
    z.strictObject({ kind: z.literal('restart') }).describe('Asks for a new offer with an ICE restart.'),
    z.strictObject({ kind: z.literal('close') }),
  ]),
})
export type SignalBody = z.output<typeof signalBody>
export type Signal = SignalBody['signal']
