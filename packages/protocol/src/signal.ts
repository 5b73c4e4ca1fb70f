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

/** What two peers say to each other while they negotiate. The server reads none of it but its sizes. */
export const signalBody = z.object({
  connection: z.string().min(1).max(64).describe('Names the sender’s RTCPeerConnection: a new name, a new connection.'),
  seq: z.number().int().nonnegative().describe('Counts up within `connection`: what came already is dropped.'),
  signal: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('description'),
      description,
      answers: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe('With an answer: the `seq` of the offer that it answers. One to an offer taken back is dropped.'),
    }),
    z.strictObject({ kind: z.literal('candidate'), candidate: candidate.nullable() }),
    z.strictObject({ kind: z.literal('restart') }).describe('Please make a new offer with an ICE restart.'),
    z.strictObject({ kind: z.literal('close') }),
  ]),
})
export type SignalBody = z.output<typeof signalBody>
export type Signal = SignalBody['signal']
