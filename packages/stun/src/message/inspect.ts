import { DecodeError, toHex } from '@parley/bytes'
import type { Attribute } from '../attributes/attribute.ts'
import { extensions } from '../attributes/extensions.ts'
import { ice } from '../attributes/ice.ts'
import { natDiscovery } from '../attributes/nat-discovery.ts'
import { stun } from '../attributes/stun.ts'
import { turn } from '../attributes/turn.ts'
import { opaque } from '../codecs/values.ts'
import type { MessageClass, Method } from './header.ts'
import type { Message } from './message.ts'

const byType = new Map<number, Attribute<unknown>>(
  [stun, turn, ice, natDiscovery, extensions].flatMap(table =>
    Object.values<Attribute<unknown>>(table).map(row => [row.type, row] as const),
  ),
)

const unknownAttribute: Attribute<Uint8Array> = { type: -1, name: '', place: 'stun/unknown', codec: opaque() }

/** The row of an attribute type, among all that this package has. */
export function attributeOfType(type: number): Attribute<unknown> | undefined {
  return byType.get(type)
}

export interface InspectedAttribute {
  readonly type: number
  /** Undefined for a type that no table has. */
  readonly name: string | undefined
  /** The decoded value; bytes where the type is unknown; the error where the value is malformed. */
  readonly value: unknown
}

export interface InspectedMessage {
  readonly class: MessageClass
  readonly method: Method | number
  readonly transactionId: string
  readonly attributes: readonly InspectedAttribute[]
}

/** Everything in a message, decoded and named, for people and tools. Values may be views: see {@link Message}. */
export function inspect(message: Message): InspectedMessage {
  const attributes: InspectedAttribute[] = []
  message.eachAttribute((type, offset) => {
    const row = byType.get(type)
    attributes.push({ type, name: row?.name, value: valueAt(message, offset, row) })
  })
  return {
    class: message.class,
    method: message.method ?? message.methodCode,
    transactionId: toHex(message.transactionId),
    attributes,
  }
}

function valueAt(message: Message, offset: number, row: Attribute<unknown> | undefined): unknown {
  try {
    return message.valueAt(row ?? unknownAttribute, offset)
  } catch (error) {
    if (error instanceof DecodeError) return error
    throw error
  }
}
