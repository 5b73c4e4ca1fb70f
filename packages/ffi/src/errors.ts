import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { errno } from './native.ts'

/** The error numbers, on this platform, that callers tell apart. */
export const { EAGAIN, EINTR, EINVAL, EIO, EMSGSIZE } = constants.errno

/** The name of an error number, such as `EADDRINUSE`. */
export function errorName(number: number): string {
  return getSystemErrorMap().get(-number)?.[0] ?? `errno ${number}`
}

/** A system call that failed. */
export class SystemError extends Error {
  /** The name, such as `EADDRINUSE`. */
  readonly code: string
  readonly errno: number
  readonly syscall: string

  constructor(syscall: string, number: number) {
    const text = getSystemErrorMap().get(-number)?.[1]
    super(`${syscall}: ${text ? `${text} (${errorName(number)})` : errorName(number)}`)
    this.name = 'SystemError'
    this.code = errorName(number)
    this.errno = number
    this.syscall = syscall
  }
}

/** Returns the result of a system call, or throws SystemError if it is negative. */
export function check(syscall: string, result: number): number {
  if (result < 0) throw new SystemError(syscall, errno())
  return result
}
