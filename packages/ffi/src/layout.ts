import { arch } from 'node:os'

const scalars = { u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, pointer: 8 } as const

type Scalar = keyof typeof scalars
type Field = Scalar | readonly [Scalar, count: number] | Layout<string>

/** Where a C struct keeps its fields, in bytes, on a 64-bit Linux (LP64). */
export interface Layout<K extends string> {
  readonly size: number
  readonly align: number
  readonly at: Readonly<Record<K, number>>
}

function measure(field: Field): { size: number; align: number } {
  if (typeof field === 'string') return { size: scalars[field], align: scalars[field] }
  if ('size' in field) return field
  return { size: scalars[field[0]] * field[1], align: scalars[field[0]] }
}

const roundUp = (value: number, to: number) => Math.ceil(value / to) * to

/** Lays fields out as C does: each at the next multiple of its alignment, unless packed. */
export function struct<K extends string>(fields: Record<K, Field>, options: { packed?: boolean } = {}): Layout<K> {
  const at: Partial<Record<K, number>> = {}
  let end = 0
  let widest = 1
  for (const name in fields) {
    const { size, align } = measure(fields[name])
    const step = options.packed ? 1 : align
    at[name] = roundUp(end, step)
    end = roundUp(end, step) + size
    widest = Math.max(widest, step)
  }
  return { size: roundUp(end, widest), align: widest, at: at as Record<K, number> }
}

export const iovec = struct({ base: 'pointer', len: 'u64' })

export const msghdr = struct({
  name: 'pointer',
  namelen: 'u32',
  iov: 'pointer',
  iovlen: 'u64',
  control: 'pointer',
  controllen: 'u64',
  flags: 'i32',
})

export const mmsghdr = struct({ hdr: msghdr, len: 'u32' })

export const cmsghdr = struct({ len: 'u64', level: 'i32', type: 'i32' })

export const sockaddrIn = struct({ family: 'u16', port: 'u16', addr: 'u32', zero: ['u8', 8] })

export const sockaddrIn6 = struct({ family: 'u16', port: 'u16', flowinfo: 'u32', addr: ['u8', 16], scope: 'u32' })

/** What the kernel says about an ICMP error on a socket: IP_RECVERR, ip(7). */
export const sockExtendedErr = struct({
  errno: 'u32',
  origin: 'u8',
  type: 'u8',
  code: 'u8',
  pad: 'u8',
  info: 'u32',
  data: 'u32',
})

/** The kernel packs this struct on x64, and only there. */
export const epollEventOn = (machine: string) => struct({ events: 'u32', data: 'u64' }, { packed: machine === 'x64' })

export const epollEvent = epollEventOn(arch())
