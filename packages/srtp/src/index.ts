/** SRTP and SRTCP on the OpenSSL inside Node: protects and unprotects without copying or allocating. */
export { SRTP_MAX_OVERHEAD } from './profiles.ts'
export { SrtpReceiver } from './receiver.ts'
export { type Refusal, refusalName } from './refusals.ts'
export { SrtpSender } from './sender.ts'
