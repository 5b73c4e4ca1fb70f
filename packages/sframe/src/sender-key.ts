/** A sender's key as its receivers have to know it (RFC 9605 §5.1). */
export interface SenderKey {
  /** Counts up with each new random key. */
  readonly generation: number
  /** How often the key was ratcheted: 0 to {@link lastStep}. */
  readonly step: number
  readonly baseKey: Uint8Array<ArrayBuffer>
}

const stepBits = 8n

/** After this step of its ratchet a sender has to make a new key, so that a key id is never ambiguous. */
export const lastStep = (1 << Number(stepBits)) - 1

export function keyIdOf({ generation, step }: Omit<SenderKey, 'baseKey'>): bigint {
  return (BigInt(generation) << stepBits) | BigInt(step)
}

/** Which key a frame's key id means; undefined if it is none of a sender key's. */
export function placeOf(keyId: bigint): { generation: number; step: number } | undefined {
  const generation = Number(keyId >> stepBits)
  return Number.isSafeInteger(generation) ? { generation, step: Number(keyId & BigInt(lastStep)) } : undefined
}
