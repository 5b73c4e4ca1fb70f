/** SRTP and SRTCP on the OpenSSL inside Node: protect and unprotect, without a copy and without allocating. */
export type { SrtpKey } from './keys.ts'
export { SRTP_MAX_OVERHEAD, type SrtpProfile, type SrtpProfileName, srtpProfiles } from './profiles.ts'
export { SrtpReceiver } from './receiver.ts'
export { type Refusal, refusalName, refused } from './refusals.ts'
export { SrtpSender } from './sender.ts'
