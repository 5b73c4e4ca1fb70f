const han = /\p{Script=Han}/u

/** One or two characters that stand for a name: “Ann Lee” → AL, “王小明” → 小明, “ann” → A. */
export function initials(name: string): string {
  const words = name
    .replace(/\(.*?\)/g, ' ')
    .split(/[\s._-]+/u)
    .filter(word => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  const last = words.at(-1)
  if (first === undefined || last === undefined) return '?'
  if (words.length === 1 && han.test(first)) return [...first].slice(-2).join('')
  const letters = words.length === 1 ? letter(first) : letter(first) + letter(last)
  return letters.toLocaleUpperCase()
}

function letter(word: string): string {
  return [...word].find(character => /[\p{L}\p{N}]/u.test(character)) ?? ''
}

/** A hue in degrees, the same for the same identity everywhere. */
export function hueOf(identity: string): number {
  let hash = 2166136261
  for (let index = 0; index < identity.length; index++) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 16777619)
  }
  return ((hash >>> 0) % 24) * 15
}
