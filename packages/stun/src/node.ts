import { createHash, createHmac } from 'node:crypto'
import type { StunCrypto } from './crypto.ts'

/** A {@link StunCrypto} on node:crypto. */
export const nodeCrypto: StunCrypto = {
  hmac(hash, key, parts) {
    const hmac = createHmac(hash, key)
    for (const part of parts) hmac.update(part)
    return hmac.digest()
  },
  digest: (hash, data) => createHash(hash).update(data).digest(),
}
