/** DTLS-SRTP endpoints on the OpenSSL inside Node, without sockets or timers of their own. */
export { type DtlsCertificate, makeDtlsCertificate } from './certificate.ts'
export { DtlsContext } from './context.ts'
export { DtlsEndpoint } from './endpoint.ts'
export type { Fingerprint, SrtpKeys } from './types.ts'
