import type { Reader, Writer } from '@parley/bytes'

/** How one kind of value is encoded in an attribute. `message` is where the message starts in the same bytes. */
export interface Codec<T> {
  /** Reads the value, to the end of the reader's window. Throws DecodeError. */
  decode(reader: Reader, message: number): T
  /** Writes the value, without padding. Throws EncodeError. */
  encode(writer: Writer, value: T, message: number): void
}

/** A row of an attribute table. */
export interface Attribute<T> {
  readonly type: number
  /** As registered with IANA: `XOR-MAPPED-ADDRESS`. */
  readonly name: string
  /** Its name in errors: `stun/xor-mapped-address`. */
  readonly place: string
  readonly codec: Codec<T>
}

interface Row<T> {
  readonly type: number
  readonly codec: Codec<T>
}

type Table<Rows> = { readonly [Key in keyof Rows]: Rows[Key] extends Row<infer T> ? Attribute<T> : never }

/** One row: the number registered with IANA, and how the value is encoded. */
export function attribute<T>(type: number, codec: Codec<T>): Row<T> {
  return { type, codec }
}

/** Makes a table of rows. The registered name follows from the key: `xorMappedAddress` is XOR-MAPPED-ADDRESS. */
export function attributeTable<const Rows extends Readonly<Record<string, Row<unknown>>>>(rows: Rows): Table<Rows> {
  const named = Object.entries(rows).map(([key, row]) => {
    const name = key.replace(/[A-Z]/g, letter => `-${letter}`).toUpperCase()
    return [key, { ...row, name, place: `stun/${name.toLowerCase()}` }] as const
  })
  return Object.fromEntries(named) as Table<Rows>
}

/** Whether a message with this attribute must be refused by an agent that does not know it (RFC 8489 §14). */
export function isComprehensionRequired(type: number): boolean {
  return type < 0x8000
}

/** The types of all rows of these tables: what an agent that handles them understands. */
export function attributeTypes(
  ...tables: readonly Readonly<Record<string, Attribute<unknown>>>[]
): ReadonlySet<number> {
  return new Set(tables.flatMap(table => Object.values(table).map(({ type }) => type)))
}
