/** Bytes of a STUN header (RFC 8489 §5). */
export const headerLength = 20

/** Bytes 4 to 7 of every STUN message (RFC 8489 §5). */
export const magicCookie = 0x2112a442

export const transactionIdLength = 12

/** All methods registered with IANA ("STUN Methods"). */
export const methods = {
  binding: 0x001, // RFC 8489 §18.2
  allocate: 0x003, // RFC 8656 §17
  refresh: 0x004, // RFC 8656 §17
  send: 0x006, // RFC 8656 §17
  data: 0x007, // RFC 8656 §17
  createPermission: 0x008, // RFC 8656 §17
  channelBind: 0x009, // RFC 8656 §17
  connect: 0x00a, // RFC 6062 §6.1
  connectionBind: 0x00b, // RFC 6062 §6.1
  connectionAttempt: 0x00c, // RFC 6062 §6.1
  googPing: 0x080, // libwebrtc's short connectivity check
} as const

export type Method = keyof typeof methods

/** The two class bits. `success` and `error` are the two kinds of response. */
const classes = { request: 0b00, indication: 0b01, success: 0b10, error: 0b11 } as const

export type MessageClass = keyof typeof classes

const methodsByCode = new Map(Object.entries(methods).map(([name, code]) => [code as number, name as Method]))

const classesByCode: readonly MessageClass[] = ['request', 'indication', 'success', 'error']

/** The 14-bit message type: the method's bits with the class bits between them (RFC 8489 §5, figure 3). */
export function messageType(messageClass: MessageClass, method: Method | number): number {
  const m = typeof method === 'number' ? method : methods[method]
  const c = classes[messageClass]
  return (m & 0xf) | ((c & 1) << 4) | ((m & 0x70) << 1) | ((c & 2) << 7) | ((m & 0xf80) << 2)
}

export function classOfType(type: number): MessageClass {
  return classesByCode[((type >> 4) & 1) | ((type >> 7) & 2)] ?? 'request'
}

export function methodCodeOfType(type: number): number {
  return (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80)
}

/** The method's name; undefined for an unregistered number. */
export function methodOfCode(code: number): Method | undefined {
  return methodsByCode.get(code)
}
