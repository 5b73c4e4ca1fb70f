import { z } from 'zod'
import { limits, roomNamePattern } from './limits.ts'
import { isBlank, roomNameOf, visibleText } from './text.ts'

/** How many times longer than its canonical form a name may be written. */
const spellings = 4

/** Letters and digits of any script, `_` and `-` inside: safe in a URL path, readable aloud. */
export const roomName = z
  .string()
  .max(limits.roomNameChars * spellings)
  .regex(/^\P{Cc}*$/u, 'no control characters')
  .overwrite(roomNameOf)
  .max(limits.roomNameChars)
  .regex(roomNamePattern, 'letters and digits, with - or _ between them')
  .describe(
    'Room name: letters and digits of any script, `-` and `_` inside, up to 64 characters. Names that look alike are the same room: the server answers with the canonical one, in lower case.',
  )

const printable = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u

/**
 * A person, across tabs and devices: the `sub` of the token, in whatever form the back end uses (`auth0|5f7c`). Compared byte for
 * byte, without folding case or normalising.
 */
export const identity = z
  .string()
  .regex(printable, 'control characters')
  .refine(id => id.trim() !== '', 'nothing but blanks')
  .refine(id => [...id].length <= limits.identityChars, `longer than ${limits.identityChars} characters`)
  .describe('A person, the same in every tab and device; the `sub` of the token: 1 to 256 printable characters.')

/** A person in one tab. The same id names their session and their participants. */
export const participantId = z.string().min(1).max(64).describe('One session (a tab): the address for signals.')

export const displayName = z
  .string()
  .trim()
  .max(limits.displayNameChars * spellings)
  .regex(printable, 'no control characters')
  .overwrite(visibleText)
  .min(1)
  .max(limits.displayNameChars)
  .describe('The name that people see, up to 64 characters. Invisible characters are removed.')

/** Text that somebody writes, up to `chars` characters: composed (NFC), and not blank. */
export const writing = (chars: number) =>
  z
    .string()
    .min(1)
    .max(chars)
    .overwrite(text => text.normalize('NFC'))
    .max(chars)
    .refine(text => !isBlank(text), 'nothing of it can be seen')

export const metadata = z
  .string()
  .max(limits.metadataChars)
  .describe('Free text of the application, up to 4,096 characters.')

/** One emoji, with its joiners and modifiers; no other text, since a reaction is not for writing. */
export const emoji = z
  .string()
  .min(1)
  .max(16)
  .regex(
    /^(?=[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}0-9#*])(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0f\u{e0020}-\u{e007f}]|[0-9#*]\ufe0f?\u20e3)+$/u,
    'emoji only',
  )
  .describe('One emoji.')

/** What a message of an application is about, so that each part of it finds its own: `my-game.move`. */
export const topic = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/, 'letters, digits, ., _ and -')
  .describe('What the message is about, up to 64 characters; `parley.` is what our own begin with.')

/** Made by the sender and unique to the sender: a request that is repeated with the same id takes effect once. */
export const clientId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w-]+$/, 'letters, digits, _ and -')
  .describe('Made by the client; a request repeated with the same id takes effect once.')

export const timestamp = z.number().int().nonnegative().describe('Milliseconds since 1970, by the server’s clock.')
