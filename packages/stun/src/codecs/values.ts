import type { Reader } from '@parley/bytes'
import type { Codec } from '../attributes/attribute.ts'

/** 16 bits, unsigned, then two bytes that are written as zero and ignored when read. */
export const uint16Padded: Codec<number> = {
  decode(reader) {
    const value = reader.uint16()
    reader.skip(2)
    return value
  },
  encode(writer, value) {
    writer.uint16(value)
    writer.zeros(2)
  },
}

/** 8 bits, unsigned, then three bytes that are written as zero and ignored when read. */
export const uint8Padded: Codec<number> = {
  decode(reader) {
    const value = reader.uint8()
    reader.skip(3)
    return value
  },
  encode(writer, value) {
    writer.uint8(value)
    writer.zeros(3)
  },
}

export const uint32: Codec<number> = {
  decode: reader => reader.uint32(),
  encode: (writer, value) => writer.uint32(value),
}

export const uint64: Codec<bigint> = {
  decode: reader => reader.uint64(),
  encode: (writer, value) => writer.uint64(value),
}

/** An attribute without a value: its presence says it all. */
export const flag: Codec<true> = {
  decode: () => true,
  encode: () => {},
}

export const uint16List: Codec<readonly number[]> = {
  decode: reader => list(reader, () => reader.uint16()),
  encode(writer, values) {
    for (const value of values) writer.uint16(value)
  },
}

/** Uninterpreted bytes, decoded as a view, whose length must be within bounds. */
export function opaque({ min = 0, max = 0xffff, multipleOf = 1 } = {}): Codec<Uint8Array> {
  const wanted = (length: number) => length >= min && length <= max && length % multipleOf === 0
  return {
    decode: reader => (wanted(reader.remaining) ? reader.take() : reader.fail(`${reader.remaining} bytes`)),
    encode: (writer, value) => (wanted(value.length) ? writer.put(value) : writer.fail(`${value.length} bytes`)),
  }
}

/** UTF-8 of at most `maxBytes` bytes. */
export function text(maxBytes: number): Codec<string> {
  return {
    decode: reader => (reader.remaining <= maxBytes ? reader.text() : reader.fail(`${reader.remaining} bytes of text`)),
    encode(writer, value) {
      const length = writer.text(value)
      if (length > maxBytes) writer.fail(`${length} bytes of text`)
    },
  }
}

/**
 * UTF-8 of fewer than 128 characters. That is at most 509 bytes, but up to 763 are read, because RFC 5389 allowed as many
 * (RFC 8489 §14.9).
 */
export const text127: Codec<string> = {
  decode: text(763).decode,
  encode(writer, value) {
    const length = [...value].length
    if (length > 127) writer.fail(`${length} characters`)
    text(509).encode(writer, value, 0)
  },
}

/** Reads items until the reader is empty. */
export function list<T>(reader: Reader, item: () => T): T[] {
  const items: T[] = []
  while (reader.remaining > 0) items.push(item())
  return items
}
