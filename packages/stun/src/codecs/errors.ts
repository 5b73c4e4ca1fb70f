import type { Reader, Writer } from '@parley/bytes'
import type { AddressFamily } from '@parley/net'
import type { Codec } from '../attributes/attribute.ts'
import type { StunError } from '../message/error-codes.ts'
import { families, familyOf } from './addresses.ts'
import { text127 } from './values.ts'

/** ERROR-CODE (RFC 8489 §14.8), in which the hundreds of the code have a byte of their own. */
export const errorCode: Codec<StunError> = {
  decode(reader, message) {
    reader.skip(2)
    return decodeError(reader, message)
  },
  encode(writer, value, message) {
    writer.zeros(2)
    encodeError(writer, value, message)
  },
}

interface AddressFamilyError extends StunError {
  readonly family: AddressFamily
}

/** ADDRESS-ERROR-CODE (RFC 8656 §18.12): why no relayed address of that family was allocated. */
export const addressErrorCode: Codec<AddressFamilyError> = {
  decode(reader, message) {
    const family = familyOf(reader.uint8()) ?? reader.fail('unknown address family')
    reader.skip(1)
    return { family, ...decodeError(reader, message) }
  },
  encode(writer, value, message) {
    writer.uint8(families[value.family])
    writer.zeros(1)
    encodeError(writer, value, message)
  },
}

function decodeError(reader: Reader, message: number): StunError {
  const hundreds = reader.uint8() & 0b111
  const rest = reader.uint8()
  if (hundreds < 3 || hundreds > 6 || rest > 99) reader.fail(`error code ${hundreds} hundred and ${rest}`)
  return { code: hundreds * 100 + rest, reason: text127.decode(reader, message) }
}

function encodeError(writer: Writer, { code, reason }: StunError, message: number): void {
  if (!(code >= 300 && code <= 699)) writer.fail(`error code ${code}`)
  writer.uint8(Math.trunc(code / 100))
  writer.uint8(code % 100)
  text127.encode(writer, reason, message)
}
