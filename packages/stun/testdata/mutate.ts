import { setUint16At, uint16At } from '@parley/bytes'

/** Numbers from 0 to below `limit`, the same every time (mulberry32). */
export type Dice = (limit: number) => number

export function dice(seed: number): Dice {
  let state = seed
  return limit => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

const extremes = [0, 1, 3, 4, 0x7f, 0x80, 0xff]

/** What goes wrong with a packet, or is made to. */
const damages: readonly ((bytes: Uint8Array, roll: Dice) => Uint8Array)[] = [
  (bytes, roll) => bytes.with(roll(bytes.length), roll(256)),
  (bytes, roll) => {
    const at = roll(bytes.length)
    return bytes.with(at, (bytes[at] ?? 0) ^ (1 << roll(8)))
  },
  (bytes, roll) => bytes.with(roll(bytes.length), extremes[roll(extremes.length)] ?? 0),
  (bytes, roll) => bytes.slice(0, roll(bytes.length)),
  (bytes, roll) => Uint8Array.from([...bytes, ...Array.from({ length: roll(40) }, () => roll(256))]),
  (bytes, roll) => splice(bytes, roll(bytes.length), roll(12), []),
  (bytes, roll) => {
    const from = roll(bytes.length)
    return splice(bytes, roll(bytes.length), 0, [...bytes.subarray(from, from + roll(40))])
  },
  (bytes, roll) => {
    const at = 4 * roll(Math.ceil(bytes.length / 4))
    const copy = bytes.slice()
    if (at + 4 <= copy.length) setUint16At(copy, at + 2, roll(2) ? roll(0x10000) : roll(32))
    return copy
  },
]

function splice(bytes: Uint8Array, at: number, remove: number, insert: number[]): Uint8Array {
  const copy = [...bytes]
  copy.splice(at, remove, ...insert)
  return Uint8Array.from(copy)
}

/** Damaged copies, the same ones every time. Half of them get a header whose length is right, to get past it. */
export function* mutations(original: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const roll = dice(seed)
  for (let i = 0; i < count; i++) {
    let bytes = original
    for (let rounds = 1 + roll(3); rounds > 0 && bytes.length > 0; rounds--) {
      bytes = damages[roll(damages.length)]?.(bytes, roll) ?? bytes
    }
    if (roll(2) && bytes.length >= 20 && uint16At(bytes, 0) < 0x4000) {
      bytes = bytes.slice(0, bytes.length & ~3)
      setUint16At(bytes, 2, bytes.length - 20)
    }
    yield bytes
  }
}
