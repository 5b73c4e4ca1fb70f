import { check, SystemError } from './errors.ts'
import { Fd, rawFd } from './fd.ts'
import { requireInteger } from './guard.ts'
import { sockaddrIn, sockaddrIn6 } from './layout.ts'
import { libc } from './libc.ts'
import { errno } from './native.ts'
import { scratch } from './scratch.ts'

export const AF_INET = 2
export const AF_INET6 = 10
const SOCK_DGRAM = 2
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_MEMINFO = 55
export const SOL_IP = 0
export const SOL_IPV6 = 41
const SOL_UDP = 17

/** The 32-bit words set aside for an address: enough for `sockaddr_in` and `sockaddr_in6`. */
export const NAME_WORDS = 8

/** Socket options whose value is an int, each with its level and number: socket(7), ip(7), ipv6(7), udp(7). */
export const socketOptions = {
  sendBuffer: [SOL_SOCKET, 7],
  receiveBuffer: [SOL_SOCKET, 8],
  pathMtuDiscovery: [SOL_IP, 10],
  reportErrors: [SOL_IP, 11],
  pathMtuDiscovery6: [SOL_IPV6, 23],
  reportErrors6: [SOL_IPV6, 25],
  v6Only: [SOL_IPV6, 26],
  segment: [SOL_UDP, 103],
} as const satisfies Record<string, readonly [level: number, option: number]>

type SocketOption = keyof typeof socketOptions

/** Opens a UDP socket that never blocks and is not inherited by child processes. Throws SystemError. */
export function openUdp(version: 4 | 6): Fd {
  const family = version === 6 ? AF_INET6 : AF_INET
  return new Fd(check('socket', libc.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)))
}

/** How many bytes a sockaddr of this family has. */
export function nameBytes(family: number): number {
  return family === AF_INET6 ? sockaddrIn6.size : sockaddrIn.size
}

/** Binds to a sockaddr of up to {@link NAME_WORDS} words. Throws SystemError, such as EADDRINUSE. */
export function bindName(fd: Fd, name: Int32Array): void {
  const { words, address } = scratch()
  words.set(name.subarray(0, NAME_WORDS))
  check('bind', libc.bind(rawFd(fd), address, nameBytes((name[0] ?? 0) & 0xffff)))
}

/** The sockaddr that the socket is bound to. */
export function localName(fd: Fd): Int32Array {
  const { words, address } = scratch()
  words[NAME_WORDS] = NAME_WORDS * 4
  check('getsockname', libc.getsockname(rawFd(fd), address, address + NAME_WORDS * 4))
  return words.slice(0, NAME_WORDS)
}

/** Throws SystemError if the kernel does not know the option, or does not allow it. */
export function setOption(fd: Fd, option: SocketOption, value: number): void {
  const [level, name] = socketOptions[option]
  const { words, address } = scratch()
  words[0] = requireInteger(option, value, -(2 ** 31), 2 ** 31 - 1)
  check(`setsockopt ${option}`, libc.setsockopt(rawFd(fd), level, name, address, 4))
}

/** Throws SystemError if the kernel does not know the option. */
export function getOption(fd: Fd, option: SocketOption): number {
  const [level, name] = socketOptions[option]
  return readWords(fd, level, name, 1)[0] ?? 0
}

/** How many datagrams the kernel has dropped at this socket since it was opened, mostly because its buffer was full. */
export function kernelDrops(fd: Fd): number {
  const SK_MEMINFO_DROPS = 8
  return (readWords(fd, SOL_SOCKET, SO_MEMINFO, SK_MEMINFO_DROPS + 1)[SK_MEMINFO_DROPS] ?? 0) >>> 0
}

function readWords(fd: Fd, level: number, name: number, count: number): Int32Array {
  const { words, address } = scratch()
  words.fill(0, 0, count)
  words[count] = count * 4
  if (libc.getsockopt(rawFd(fd), level, name, address, address + count * 4) < 0) {
    throw new SystemError('getsockopt', errno())
  }
  return words.slice(0, count)
}
