import type { Reader, Writer } from '@parley/bytes'

/** How one kind of value stands in an attribute. `message` is where the message starts in the same bytes. */
export interface Codec<T> {
  /** Reads the value, to the end of the reader's window. Throws DecodeError. */
  decode(reader: Reader, message: number): T
  /** Writes the value, without padding. Throws EncodeError. */
  encode(writer: Writer, value: T, message: number): void
}

/** A row of an attribute table, which encodes and decodes by the same codec. */
export interface Attribute<T> {
  readonly type: number
  /** As IANA registers it: `XOR-MAPPED-ADDRESS`. */
  readonly name: string
  /** Named by errors: `stun/xor-mapped-address`. */
  readonly place: string
  readonly codec: Codec<T>
}

/** What {@link Message.get} returns for a row. */
export type AttributeValue<A> = A extends Attribute<infer T> ? T : never

interface Row<T> {
  readonly type: number
  readonly codec: Codec<T>
}

type Table<Rows> = { readonly [Key in keyof Rows]: Rows[Key] extends Row<infer T> ? Attribute<T> : never }

/** One row: the number that IANA gave it, and how its value is written. */
export function attribute<T>(type: number, codec: Codec<T>): Row<T> {
  return { type, codec }
}

/** Makes a table of rows; the registered name follows from the key: `xorMappedAddress` is XOR-MAPPED-ADDRESS. */
export function attributeTable<const Rows extends Readonly<Record<string, Row<unknown>>>>(rows: Rows): Table<Rows> {
  const named = Object.entries(rows).map(([key, row]) => {
    const name = key.replace(/[A-Z]/g, letter => `-${letter}`).toUpperCase()
    return [key, { ...row, name, place: `stun/${name.toLowerCase()}` }] as const
  })
  return Object.fromEntries(named) as Table<Rows>
}

/** Unknown to whoever does not know it: the message must then be refused (RFC 8489 §14). */
export function isComprehensionRequired(type: number): boolean {
  return type < 0x8000
}

/** The types of all rows of these tables: what an agent that handles them understands. */
export function attributeTypes(
  ...tables: readonly Readonly<Record<string, Attribute<unknown>>>[]
): ReadonlySet<number> {
  return new Set(tables.flatMap(table => Object.values(table).map(({ type }) => type)))
}
