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

const extremes = [0, 1, 0x0f, 0x7f, 0x80, 0xbe, 0xff]
/** Headers and descriptors are at the beginning: most damage is done there. */
const hotBytes = 60

type Damage = (bytes: Uint8Array, roll: Dice) => Uint8Array

const damages: readonly Damage[] = [
  (bytes, roll) => bytes.with(place(bytes, roll), roll(256)),
  (bytes, roll) => {
    const at = place(bytes, roll)
    return bytes.with(at, (bytes[at] ?? 0) ^ (1 << roll(8)))
  },
  (bytes, roll) => bytes.with(place(bytes, roll), extremes[roll(extremes.length)] ?? 0),
  (bytes, roll) => bytes.slice(0, roll(bytes.length)),
  (bytes, roll) => Uint8Array.from([...bytes, ...Array.from({ length: roll(20) }, () => roll(256))]),
  (bytes, roll) => splice(bytes, place(bytes, roll), roll(8), []),
  (bytes, roll) => {
    const from = roll(bytes.length)
    return splice(bytes, place(bytes, roll), 0, [...bytes.subarray(from, from + roll(24))])
  },
]

function place(bytes: Uint8Array, roll: Dice): number {
  return roll(roll(4) ? Math.min(bytes.length, hotBytes) : bytes.length)
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: number[]): Uint8Array {
  const copy = [...bytes]
  copy.splice(at, remove, ...insert)
  return Uint8Array.from(copy)
}

/** Damaged copies, the same ones every time. */
export function* mutations(original: Uint8Array, count: number, seed: number): Generator<Uint8Array> {
  const roll = dice(seed)
  for (let i = 0; i < count; i++) {
    let bytes = original
    for (let rounds = 1 + roll(3); rounds > 0 && bytes.length > 0; rounds--) {
      bytes = damages[roll(damages.length)]?.(bytes, roll) ?? bytes
    }
    yield bytes
  }
}
