import { uint16At } from '@parley/bytes'
import { AddressError } from './address-error.ts'

/** Reads an IPv4 or IPv6 address as text into its 4 or 16 bytes. See {@link IpAddress.parse}. */
export function addressFromText(text: string): Uint8Array {
  const refuse = (problem: string): never => {
    throw new AddressError(`'${text}' is not an IP address: ${problem}`)
  }
  return text.includes(':') ? ipv6FromText(text, refuse) : ipv4FromText(text, refuse)
}

/** Writes 4 bytes as dotted decimal, or 16 bytes as RFC 5952 wants it. */
export function addressToText(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : ipv6ToText(bytes)
}

type Refuse = (problem: string) => never

function ipv4FromText(text: string, refuse: Refuse): Uint8Array {
  const parts = text.split('.')
  if (parts.length !== 4) refuse('four numbers with dots between them are wanted')
  return Uint8Array.from(parts, part => {
    // A leading zero is octal to some programs and decimal to others: an address with two meanings is refused.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part)) refuse(`'${part}' is not a decimal number from 0 to 255`)
    return Number(part) <= 255 ? Number(part) : refuse(`${part} is more than 255`)
  })
}

function ipv6FromText(text: string, refuse: Refuse): Uint8Array {
  if (text.includes('%')) refuse('it has a zone')
  const halves = text.split('::')
  if (halves.length > 2) refuse(`'::' may stand once`)
  const [head = [], tail = []] = halves.map((half, i) => groups(half, i === halves.length - 1, refuse))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 && missing !== 0) refuse(`eight groups or a '::' are wanted`)
  if (halves.length === 2 && missing < 1) refuse(`there is nothing left for '::' to stand for`)
  const all = [...head, ...new Array<number>(missing).fill(0), ...tail]
  return Uint8Array.from(all.flatMap(group => [group >> 8, group & 0xff]))
}

/** The 16-bit groups of one side of `::`. Only the end of the address may be dotted decimal. */
function groups(text: string, last: boolean, refuse: Refuse): number[] {
  if (text === '') return []
  const parts = text.split(':')
  return parts.flatMap((part, i) => {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const ipv4 = ipv4FromText(part, refuse)
      return [uint16At(ipv4, 0), uint16At(ipv4, 2)]
    }
    if (!/^[0-9a-f]{1,4}$/i.test(part)) refuse(`'${part}' is not a group of one to four hexadecimal digits`)
    return [Number.parseInt(part, 16)]
  })
}

/** RFC 5952 §4; §5 for IPv4-mapped addresses, whose last four bytes are written as IPv4. */
function ipv6ToText(bytes: Uint8Array): string {
  const values = [0, 2, 4, 6, 8, 10, 12, 14].map(at => uint16At(bytes, at))
  if (values.slice(0, 5).every(value => value === 0) && values[5] === 0xffff) {
    return `::ffff:${bytes.subarray(12).join('.')}`
  }
  const { start, length } = longestZeros(values)
  const text = (part: number[]) => part.map(value => value.toString(16)).join(':')
  return length < 2 ? text(values) : `${text(values.slice(0, start))}::${text(values.slice(start + length))}`
}

/** The longest run of zeros, the first of several that are as long. */
function longestZeros(values: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  values.forEach((value, i) => {
    length = value === 0 ? length + 1 : 0
    if (length > best.length) best = { start: i + 1 - length, length }
  })
  return best
}
