/** Reading and writing bytes in network order. */
export { byteAt, setUint16At, setUint32At, uint16At, uint32At } from './big-endian.ts'
export { equalBytes, equalConstantTime } from './compare.ts'
export { crc32 } from './crc32.ts'
export { DecodeError, EncodeError } from './errors.ts'
export { fromHex, toHex } from './hex.ts'
export { Reader } from './reader.ts'
export { sequenceDistance } from './sequence.ts'
export { Writer } from './writer.ts'
