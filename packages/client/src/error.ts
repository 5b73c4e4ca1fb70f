import type { Call } from '@parley/protocol'
import { type ErrorCode, errorCodes, type WireError } from '@parley/protocol/errors'

/** The server's {@link ErrorCode}s, and those that arise in the browser. */
export type ClientErrorCode =
  | ErrorCode
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'call-ended'
  | 'bad-address'
  | 'token-failed'
  | 'media-denied'
  | 'media-dismissed'
  | 'media-missing'
  | 'media-busy'
  | 'media-overconstrained'
  | 'media-insecure'
  | 'media-unsupported'
  | 'e2ee-unsupported'
  | 'file-unreadable'
  | 'file-corrupted'
  | 'storage-full'
  | 'storage-unavailable'
  | 'media-failed'

/** Every error the SDK throws: a code to branch on, a sentence, and what to do. */
export interface ClientError extends Error {
  readonly code: ClientErrorCode
  readonly remedy: string
}

/** Errors that arise in the browser: what happened, and what to do about it. */
const browserErrors: Record<Exclude<ClientErrorCode, ErrorCode>, { message: string; remedy: string }> = {
  unreachable: {
    message: 'The server cannot be reached.',
    remedy: 'Check the address and the network. A page from another origin needs --allow-origin on the server.',
  },
  timeout: { message: 'The server did not answer in time.', remedy: 'Try again in a moment.' },
  closed: { message: 'This has been closed.', remedy: 'Connect or join again.' },
  'bad-address': {
    message: 'This is not the address of a Parley.',
    remedy: 'Write it as in a browser, with https:// in front.',
  },
  'token-failed': {
    message: 'The application could not get an access token.',
    remedy: 'See to the function that connect was given as `token`: what it threw is the cause of this error.',
  },
  'call-ended': { message: 'The call is over.', remedy: 'Call again.' },
  'media-denied': {
    message: 'The page may not use this device.',
    remedy: 'Allow it in the browser’s site settings, and in those of the operating system.',
  },
  'media-dismissed': {
    message: 'The browser’s question was closed without an answer.',
    remedy: 'Try again and choose Allow.',
  },
  'media-missing': { message: 'There is no such device.', remedy: 'Plug one in, or choose another.' },
  'media-busy': {
    message: 'The device cannot be opened.',
    remedy: 'Close other programs and tabs that use it, or choose another.',
  },
  'media-overconstrained': {
    message: 'No device can do what was asked for.',
    remedy: 'Ask for less, or choose another device.',
  },
  'media-insecure': {
    message: 'Browsers open cameras and microphones only for pages that came over HTTPS.',
    remedy: 'Open this page with its https:// address.',
  },
  'media-unsupported': { message: 'This browser cannot do this.', remedy: 'Use a current browser on a computer.' },
  'e2ee-unsupported': {
    message: 'This browser cannot encrypt media end to end.',
    remedy: 'Use a current Chrome, Edge, Firefox or Safari, and open the page over HTTPS.',
  },
  'file-unreadable': {
    message: 'The file cannot be read any more.',
    remedy: 'It may have been moved, deleted or changed. Choose it again.',
  },
  'file-corrupted': { message: 'What arrived is not what was sent.', remedy: 'Try again.' },
  'storage-full': {
    message: 'There is not enough room for the file on this device.',
    remedy: 'Free some space, and try again.',
  },
  'storage-unavailable': {
    message: 'This browser lets the page keep no files.',
    remedy: 'Use a window that is not private, or another browser.',
  },
  'media-failed': { message: 'The device could not be opened.', remedy: 'Try again, or choose another device.' },
}

const texts: Record<ClientErrorCode, { message: string; remedy: string }> = { ...errorCodes, ...browserErrors }

/** Every error the SDK throws: `code` to branch on, `message` to show, `remedy` to act on. */
export class ParleyError extends Error implements ClientError {
  readonly code: ClientErrorCode
  readonly remedy: string

  /** @param detail Replaces the code's own sentence. */
  constructor(code: ClientErrorCode, detail?: string, options?: ErrorOptions & { remedy?: string }) {
    super(detail ?? texts[code].message, options)
    this.name = 'ParleyError'
    this.code = code
    this.remedy = options?.remedy ?? texts[code].remedy
  }

  /** An error from the server; a code that this version does not know becomes `internal`. */
  static fromWire(error: WireError): ParleyError {
    return new ParleyError(Object.hasOwn(errorCodes, error.code) ? error.code : 'internal', error.message, {
      remedy: error.remedy,
    })
  }
}

/** The call ended before it was joined: {@link CallEndedError.call} says how. */
export class CallEndedError extends ParleyError {
  readonly call: Call

  constructor(call: Call, detail?: string) {
    super('call-ended', detail)
    this.name = 'CallEndedError'
    this.call = call
  }
}

/** The error for whoever aborted a signal. */
export function givenUp({ reason }: AbortSignal): ParleyError {
  return new ParleyError('closed', 'This was given up before it was done.', { cause: reason })
}
