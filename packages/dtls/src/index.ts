/** DTLS-SRTP endpoints on the OpenSSL inside Node, without sockets or timers of their own. */
export { type DtlsCertificate, makeDtlsCertificate } from './certificate.ts'
export { DtlsContext, type DtlsContextOptions } from './context.ts'
export { DtlsEndpoint } from './endpoint.ts'
export { HandshakeGate } from './handshake-gate.ts'
export type { ProfileName } from './profiles.ts'
export type { DtlsFailure, DtlsOptions, DtlsState, Fingerprint, SrtpKeys } from './types.ts'
