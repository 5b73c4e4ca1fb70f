/**
 * Strings that are hashed into keys are prepared first, so that what looks the same is the same. Printable ASCII comes out
 * unchanged in both profiles. RFC 8489 wants OpaqueString, RFC 5389 wanted SASLprep; browsers prepare nothing, so names and
 * passwords are best kept to ASCII.
 */

const printableAscii = /^[\x20-\x7e]*$/

/**
 * The OpaqueString profile (RFC 8265 §4.2), for passwords, realms and, in RFC 8489, user names: spaces become U+0020, then
 * NFC. Throws RangeError for an empty string and for what FreeformClass disallows (RFC 8264 §4.3): controls, surrogates,
 * unassigned, private use, and code points that show nothing. Limits: joiners are refused without a look at their
 * neighbours, old Hangul jamo are let through, and "unassigned" is what this JavaScript's Unicode says.
 */
export function opaqueString(text: string): string {
  if (text === '') throw new RangeError('An empty string cannot be a password')
  if (printableAscii.test(text)) return text
  const prepared = text.replace(/\p{Zs}/gu, ' ').normalize('NFC')
  refuse(prepared, /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\p{Default_Ignorable_Code_Point}]/u)
  return prepared
}

/**
 * SASLprep (RFC 4013), for what was set up under RFC 5389. Throws RangeError for prohibited characters and for text that
 * mixes directions. Limits: code points that Unicode 3.2 lacked are allowed if they are assigned today, and in the check of
 * directions every letter that is not Hebrew, Arabic, Syriac or Thaana counts as left-to-right.
 */
export function saslprep(text: string): string {
  if (printableAscii.test(text)) return text
  const prepared = text.replace(nonAsciiSpace, ' ').replace(mappedToNothing, '').normalize('NFKC')
  refuse(prepared, prohibited)
  if (rightToLeft.test(prepared)) {
    const ends = [...prepared].filter((_, i, all) => i === 0 || i === all.length - 1)
    if (leftToRight.test(prepared.replace(allRightToLeft, '')) || !ends.every(end => rightToLeft.test(end))) {
      throw new RangeError('Right-to-left text must not be mixed with left-to-right')
    }
  }
  return prepared
}

/** RFC 3454 table C.1.2, which RFC 4013 §2.1 maps to U+0020. */
const nonAsciiSpace = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu

/** RFC 3454 table B.1. */
const mappedToNothing = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/gu

/** RFC 3454 tables C.2 to C.9, and what is not assigned. */
const prohibited =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffd\u{1d173}-\u{1d17a}\u2ff0-\u2ffb\u200e\u200f\u202a-\u202e\u{e0001}\u{e0020}-\u{e007f}]/u

/** RFC 3454 table D.1, by script. */
const rightToLeftScript = '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}'
const rightToLeft = new RegExp(`(?=\\p{L})[${rightToLeftScript}]`, 'u')
const allRightToLeft = new RegExp(rightToLeft, 'gu')
const leftToRight = /\p{L}/u

function refuse(text: string, characters: RegExp): void {
  const found = characters.exec(text)?.[0].codePointAt(0)
  if (found !== undefined) {
    throw new RangeError(`U+${found.toString(16).toUpperCase().padStart(4, '0')} cannot be part of a name or password`)
  }
}
