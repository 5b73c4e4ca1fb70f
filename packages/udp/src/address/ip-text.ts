import { isIPv4, isIPv6 } from 'node:net'

/** The bytes, 4 or 16, of an address in text without a zone; undefined when it is none. */
export function parseIp(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (text.includes('%') || !isIPv6(text)) return undefined
  const [head = '', tail] = text.split('::')
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  return Uint8Array.from([...front, ...new Array<number>(16 - front.length - back.length).fill(0), ...back])
}

/** Bytes of the colon-separated groups of one side of `::`; the last may be an IPv4 address. */
function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(group => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >>> 8, value & 0xff]
  })
}

/** The text of 4 or 16 bytes, IPv6 as RFC 5952 wants it. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
  const zeros = longestZeros(words)
  const text = (part: number[]) => part.map(word => word.toString(16)).join(':')
  if (zeros.length < 2) return text(words)
  return `${text(words.slice(0, zeros.start))}::${text(words.slice(zeros.start + zeros.length))}`
}

function longestZeros(words: number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  for (let start = 0; start < words.length; start++) {
    let length = 0
    while (words[start + length] === 0) length++
    if (length > longest.length) longest = { start, length }
  }
  return longest
}
