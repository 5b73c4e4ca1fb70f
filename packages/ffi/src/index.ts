/**
 * The only unsafe package: libc's sockets and Node's OpenSSL, called through koffi. No address leaves it: memory is an
 * {@link Arena} and offsets into it, descriptors are handles that close once, and numbers are checked before C sees them.
 */
export { Arena, arenaOf } from './arena.ts'
export { Epoll } from './epoll.ts'
export { ErrorQueue } from './error-queue.ts'
export { EAGAIN, EINTR, EINVAL, EIO, EMSGSIZE, SystemError } from './errors.ts'
export { Fd } from './fd.ts'
export { requireRange } from './guard.ts'
export { sockaddrIn, sockaddrIn6 } from './layout.ts'
export { selfSign } from './openssl/certificate.ts'
export { requireOpenssl } from './openssl/check.ts'
export { AesCtr, AesGcm, GCM_TAG, HmacSha1 } from './openssl/ciphers.ts'
export { DtlsConnection, type Progress } from './openssl/dtls-connection.ts'
export { DtlsSslContext } from './openssl/dtls-context.ts'
export type { LastError } from './openssl/error.ts'
export { openHandles } from './openssl/handle.ts'
export { ReceiveBatch } from './receive-batch.ts'
export { checkSockets } from './self-check.ts'
export { SendBatch } from './send-batch.ts'
export {
  AF_INET,
  AF_INET6,
  bindName,
  getOption,
  kernelDrops,
  localName,
  NAME_WORDS,
  openUdp,
  setOption,
} from './socket.ts'
export { Wake, type WakeToken } from './wake.ts'
export { watch } from './watch.ts'
