/**
 * Comparing and cleaning names. Two names that look the same have to be the same, although Unicode can spell a letter in
 * several ways (NFC and NFD) and has hundreds of invisible characters. The app, signalling, the relay and WHIP all use this.
 * This file does not need zod.
 */

/**
 * Characters that show nothing by themselves: what Unicode calls default-ignorable, and a few that it does not: format
 * characters (except those that are drawn around digits), U+1D159 and U+16FE4.
 */
const invisible =
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Default_Ignorable_Code_Point}\p{Cf}\u{1d159}\u{16fe4}]/gu

/** Invisible characters that some scripts and emoji need. They are kept only where they have an effect on their neighbours. */
const formers = /\u200c|\u200d|[\ufe00-\ufe0f]|[\u180b-\u180d\u180f]|[\u{e0020}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/u

/** Variation selectors after a character that has no variations. */
const idleSelectors =
  /(?<![\p{Extended_Pictographic}#*0-9])[\ufe0e\ufe0f](?!\u20e3)|(?<!\p{Script=Han})[\ufe00-\ufe0d\u{e0100}-\u{e01ef}]|(?<!(?=\p{L})\p{Script=Mongolian})[\u180b-\u180d\u180f]/gu

/** Tag characters that are not part of the flag of a region, such as Scotland's. */
const idleTags = /(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0020}-\u{e007f}]/gu

/** Joiners that are not between two emoji, or two letters of a script that joins letters (those have no case). */
const idleJoiners =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{e007f}|\p{M}|\p{Lo})(?:\u200c|\u200d)|(?:\u200c|\u200d)(?!\p{Extended_Pictographic}|\p{M}|\p{Lo})/gu

/** Blanks that become one space; control characters are not among them. U+2800 is a Braille cell without dots. */
const blanks = /[\p{Z}\u2800]+/gu

/**
 * Text as it is shown: composed (NFC), trimmed, with single spaces, and without invisible characters, except those that change
 * how their neighbours look. Empty if the text is blank. Idempotent.
 *
 * @example
 * visibleText('\u200bAnn\u3164') // 'Ann'
 */
export function visibleText(text: string): string {
  const shown = withoutIdle(text)
  // Something that was removed may have stood between a joiner and its neighbour.
  return shown === text ? shown : visibleText(shown)
}

function withoutIdle(text: string): string {
  return text
    .normalize('NFC')
    .replace(invisible, character => (formers.test(character) ? character : ''))
    .replace(idleSelectors, '')
    .replace(idleTags, '')
    .replace(idleJoiners, '')
    .replace(blanks, ' ')
    .trim()
    .normalize('NFC')
}

/** Whether the text has nothing visible. */
export function isBlank(text: string): boolean {
  return likeness(text) === ''
}

/** A key that is equal for texts that look alike: without compatibility forms (width, ligatures), case and invisible characters. */
export function likeness(text: string): string {
  return fold(text.normalize('NFKC').replace(invisible, '').replace(blanks, ' ').trim())
}

/**
 * The canonical name of a room: “Tea”, “tea ” and “ｔｅａ” are one room. For text that cannot be a name, the result does not match
 * {@link roomNamePattern}.
 */
export function roomNameOf(text: string): string {
  return likeness(text)
}

/** Removes case, with what JavaScript has: close to Unicode's full case folding (ß becomes ss, and ς becomes σ). */
function fold(text: string): string {
  const lower = text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return lower.normalize('NFKC').replace(invisible, '').normalize('NFC')
}
