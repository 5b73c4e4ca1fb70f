import { transactionIdLength } from './header.ts'

const pool = new Uint8Array(1024 * transactionIdLength)
let used = pool.length

/** Writes 12 random bytes (RFC 8489 §5). Drawing 1,024 IDs at a time makes each cost a few nanoseconds. */
export function putTransactionId(bytes: Uint8Array, offset: number): void {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  for (let i = 0; i < transactionIdLength; i++) bytes[offset + i] = pool[used + i] ?? 0
  used += transactionIdLength
}

/** A random transaction ID of 12 bytes. */
export function newTransactionId(): Uint8Array {
  const id = new Uint8Array(transactionIdLength)
  putTransactionId(id, 0)
  return id
}
