/**
 * The only unsafe room: libc's sockets and Node's OpenSSL, through koffi. Outside of it there are no addresses: memory is
 * an {@link Arena} and offsets into it, descriptors are handles that close once, and numbers are checked at the door.
 */
export { Arena, arenaOf } from './arena.ts'
export { Epoll } from './epoll.ts'
export { ErrorQueue, type QueuedError } from './error-queue.ts'
export { EAGAIN, EINTR, EINVAL, EIO, EMSGSIZE, errorName, SystemError } from './errors.ts'
export type { Fd } from './fd.ts'
export { requireRange } from './guard.ts'
export { sockaddrIn, sockaddrIn6 } from './layout.ts'
export { type SelfSigned, selfSign } from './openssl/certificate.ts'
export { type OpensslCheck, openssl, requireOpenssl } from './openssl/check.ts'
export { AesCtr, AesGcm, GCM_TAG, HmacSha1 } from './openssl/ciphers.ts'
export { type DigestName, DtlsConnection, MAX_RECORD_TEXT, type Progress } from './openssl/dtls-connection.ts'
export { type DtlsParameters, DtlsSslContext } from './openssl/dtls-context.ts'
export { type LastError, OpensslError } from './openssl/error.ts'
export { openHandles } from './openssl/handle.ts'
export { ReceiveBatch, type ReceiveShape } from './receive-batch.ts'
export { type Check, checkSockets, selfCheck } from './self-check.ts'
export { SendBatch, type SendShape } from './send-batch.ts'
export {
  AF_INET,
  AF_INET6,
  bindName,
  getOption,
  kernelDrops,
  localName,
  NAME_WORDS,
  openUdp,
  type SocketOption,
  setOption,
} from './socket.ts'
export { Wake, type WakeToken } from './wake.ts'
export { watch } from './watch.ts'
