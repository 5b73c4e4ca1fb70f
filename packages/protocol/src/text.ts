/**
 * What text is when it names something. Two texts that look the same are the same: Unicode has several spellings of one
 * letter (NFC and NFD), and hundreds of characters that show nothing. The app, signalling, the relay and WHIP all ask here.
 * Nothing here needs zod.
 */

/**
 * Characters that show nothing by themselves: what Unicode calls default-ignorable, and the blank ones that it does not:
 * format characters but for those that are drawn around digits, U+1D159 and U+16FE4.
 */
const invisible =
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{Default_Ignorable_Code_Point}\p{Cf}\u{1d159}\u{16fe4}]/gu

/** The invisible characters that some writing needs: they count only where they stand between what they work on. */
const formers = /\u200c|\u200d|[\ufe00-\ufe0f]|[\u180b-\u180d\u180f]|[\u{e0020}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/u

/** Variation selectors behind nothing that varies. */
const idleSelectors =
  /(?<![\p{Extended_Pictographic}#*0-9])[\ufe0e\ufe0f](?!\u20e3)|(?<!\p{Script=Han})[\ufe00-\ufe0d\u{e0100}-\u{e01ef}]|(?<!(?=\p{L})\p{Script=Mongolian})[\u180b-\u180d\u180f]/gu

/** Tags that do not make the flag of a region, such as Scotland's. */
const idleTags = /(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0020}-\u{e007f}]/gu

/** Joiners that do not stand between two emoji, or two letters of a script that joins (those have no case). */
const idleJoiners =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{e007f}|\p{M}|\p{Lo})(?:\u200c|\u200d)|(?:\u200c|\u200d)(?!\p{Extended_Pictographic}|\p{M}|\p{Lo})/gu

/** Every blank that is not a control: one space. U+2800 is a Braille cell without dots. */
const blanks = /[\p{Z}\u2800]+/gu

/**
 * Text as it is shown: composed (NFC), single spaces, none around it, and without characters that show nothing, except
 * those that shape what stands beside them. Empty for text that is blank. Idempotent.
 *
 * @example
 * visibleText('\u200bAnn\u3164') // 'Ann'
 */
export function visibleText(text: string): string {
  const shown = withoutIdle(text)
  // What was taken out may have stood between a joiner and what it worked on.
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

/** Whether nothing of the text can be seen. */
export function isBlank(text: string): boolean {
  return likeness(text) === ''
}

/** The same for all texts that look alike: compatibility forms (width, ligatures), case and invisible characters are gone. */
export function likeness(text: string): string {
  return fold(text.normalize('NFKC').replace(invisible, '').replace(blanks, ' ').trim())
}

/**
 * The one name of a room, however it is written: “Tea”, “tea ” and “ｔｅａ” are one room. What cannot be a name comes out as
 * something that {@link roomNamePattern} refuses.
 */
export function roomNameOf(text: string): string {
  return likeness(text)
}

/** Without case: near to Unicode's full case folding (ß is ss, ς is σ), from what JavaScript has. */
function fold(text: string): string {
  const lower = text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return lower.normalize('NFKC').replace(invisible, '').normalize('NFC')
}
