import type { z } from 'zod'

/**
 * Every error that a client can see: what happened, and what to do about it. The HTTP API uses the same errors, with the
 * status. This file does not need zod at run time.
 */
export const errorCodes = {
  'bad-request': {
    status: 400,
    message: 'The message does not fit the protocol.',
    remedy: 'Send the shape that docs/protocol.md gives.',
  },
  unauthorized: { status: 401, message: 'A token is needed.', remedy: 'Pass a token that your back end made.' },
  'token-invalid': {
    status: 401,
    message: 'The token is not valid here.',
    remedy: 'Make a new token with this server’s key.',
  },
  'token-expired': { status: 401, message: 'The token has expired.', remedy: 'Make a new token and connect again.' },
  'not-allowed': {
    status: 403,
    message: 'The token does not allow this.',
    remedy: 'Ask for a token with the needed grant or room.',
  },
  removed: {
    status: 403,
    message: 'You were removed.',
    remedy: 'Ask the host to let you in again.',
  },
  'network-barred': {
    status: 403,
    message: 'Somebody on your network was removed; new guests from there are kept out for a while.',
    remedy: 'Ask the host to lift it, or for a token; come later, or from another network.',
  },
  'room-private': {
    status: 403,
    message: 'This room belongs to a call between two people.',
    remedy: 'Call the person instead.',
  },
  'not-in-room': { status: 409, message: 'You are not in that room.', remedy: 'Join the room first.' },
  'room-full': { status: 409, message: 'The room is full.', remedy: 'Try again when somebody has left.' },
  'no-such-room': { status: 404, message: 'There is no such room.', remedy: 'Rooms exist while somebody is inside.' },
  'no-such-participant': {
    status: 404,
    message: 'That participant is not in the room.',
    remedy: 'They may have left; look at the roster.',
  },
  'no-such-call': { status: 404, message: 'There is no such call.', remedy: 'It may have ended already.' },
  'no-sfu': {
    status: 409,
    message: 'Media of this room does not go through the SFU.',
    remedy: 'Negotiate with the other members of the room, or wait for `room.topology`.',
  },
  'room-encrypted': {
    status: 409,
    message: 'This meeting is end-to-end encrypted, and whoever comes by HTTP has no key.',
    remedy: 'Join with a browser by the meeting’s whole link, or use a room that is not encrypted.',
  },
  'call-state': {
    status: 409,
    message: 'The call is not in a state that allows this.',
    remedy: 'Look at the call’s state.',
  },
  'call-self': { status: 409, message: 'One cannot call oneself.', remedy: 'Pick another person.' },
  'call-in-progress': { status: 409, message: 'You are already in a call.', remedy: 'End that call first.' },
  'not-online': { status: 404, message: 'That person is not online.', remedy: 'Send them an invite link.' },
  'too-many-rooms': { status: 409, message: 'You are in too many rooms.', remedy: 'Leave a room first.' },
  'board-full': {
    status: 409,
    message: 'The whiteboard is full.',
    remedy: 'Delete something from it, large pictures first; what was not taken is sent again then.',
  },
  'no-codec': {
    status: 406,
    message: 'What is sent cannot be decoded by what the offer lists.',
    remedy: 'List the codec that the message names, or let the sender use another.',
  },
  'unsupported-type': {
    status: 415,
    message: 'The body is of a type that is not understood here.',
    remedy: 'Set Content-Type to what the documentation says, and send the body as it is, not compressed.',
  },
  'too-large': { status: 413, message: 'The body is larger than anybody needs.', remedy: 'Send less at a time.' },
  'sfu-missing': {
    status: 503,
    message: 'This server forwards no media, or cannot at the moment.',
    remedy: 'Try again in a moment; if it stays, the start screen says what is missing.',
  },
  'not-found': { status: 404, message: 'There is nothing at this address.', remedy: 'Check the path and the method.' },
  'rate-limited': { status: 429, message: 'Too many messages.', remedy: 'Slow down and try again in a moment.' },
  'too-many-connections': {
    status: 429,
    message: 'Too many connections from this address.',
    remedy: 'Close some and try again.',
  },
  'over-quota': {
    status: 429,
    message: 'This address holds as much here as it may.',
    remedy: 'Leave rooms or close pages, and try again.',
  },
  'too-slow': {
    status: 408,
    message: 'The connection takes too little of what is sent to it.',
    remedy: 'Read what arrives; connect again.',
  },
  'server-stopping': { status: 503, message: 'The server is stopping.', remedy: 'Connect again in a moment.' },
  'origin-refused': {
    status: 403,
    message: 'Pages from this origin are not allowed.',
    remedy: 'Add the origin with --allow-origin.',
  },
  internal: {
    status: 500,
    message: 'The server made a mistake.',
    remedy: 'Try again; if it stays, read the server’s log.',
  },
} as const satisfies Record<string, { status: number; message: string; remedy: string }>

export type ErrorCode = keyof typeof errorCodes

/** An error as it is sent. `message` may be more specific than the sentence of the table. */
export interface WireError {
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string
}

/** An error with a code from {@link errorCodes}. Clients see its code, message and remedy, never its cause. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly remedy: string

  /** @param detail Replaces the code's own sentence, as `remedy` replaces its remedy. */
  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions & { readonly remedy?: string | undefined }) {
    super(detail ?? errorCodes[code].message, options)
    this.name = 'AppError'
    this.code = code
    this.remedy = options?.remedy ?? errorCodes[code].remedy
  }

  toJSON(): WireError {
    return { code: this.code, message: this.message, remedy: this.remedy }
  }
}

const maxExplanation = 200

/** Why a value does not match its schema, in one sentence that names the place: `tracks[0].muted: expected boolean`. */
export function explain(error: z.ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'The value does not fit.'
  const place = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  )
  const sentence = place ? `${place}: ${issue.message}` : issue.message
  return sentence.length > maxExplanation ? `${sentence.slice(0, maxExplanation)}…` : sentence
}
