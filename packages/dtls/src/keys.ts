import type { DtlsConnection } from '@parley/ffi'
import { type ProfileName, profiles } from './profiles.ts'
import type { SrtpKeys } from './types.ts'

const LABEL = 'EXTRACTOR-dtls_srtp'

/** The keys for SRTP that a handshake agreed on (RFC 5764 §4.2); undefined when it agreed on no profile. */
export function exportKeys(connection: DtlsConnection, role: 'server' | 'client'): SrtpKeys | undefined {
  const id = connection.srtpProfile()
  const names = Object.keys(profiles) as ProfileName[]
  const profile = names.find(name => profiles[name].id === id)
  if (!profile) return undefined
  const { keyBytes, saltBytes } = profiles[profile]
  const material = connection.keyingMaterial(LABEL, 2 * (keyBytes + saltBytes))
  const salts = 2 * keyBytes
  const client = { key: material.slice(0, keyBytes), salt: material.slice(salts, salts + saltBytes) }
  const server = { key: material.slice(keyBytes, salts), salt: material.slice(salts + saltBytes) }
  material.fill(0)
  const [local, remote] = role === 'client' ? [client, server] : [server, client]
  return { profile, localKey: local.key, localSalt: local.salt, remoteKey: remote.key, remoteSalt: remote.salt }
}
