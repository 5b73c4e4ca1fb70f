import { createRequire } from 'node:module'
import { arch, endianness, platform } from 'node:os'

/** What a C function takes and gives. Pointers are `int64`: an address fits a number, being below 2^53. */
export type CType = 'int' | 'uint' | 'int64' | 'ulong' | 'void'

/** Functions by name: the result, then the arguments. */
export type Signatures = Readonly<Record<string, readonly [result: CType, ...args: CType[]]>>

type Numbers<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest]
  ? { [K in keyof Rest]: number }
  : never

export type Calls<S extends Signatures> = {
  readonly [K in keyof S]: (...args: Numbers<S[K]>) => number
}

export interface Bound<S extends Signatures> {
  readonly calls: Calls<S>
  /** Names that this process does not have; calling one throws. */
  readonly missing: readonly string[]
}

type Koffi = typeof import('koffi')

/** The foreign-function interface, or why it cannot be used here. */
export type Native =
  | { readonly ok: true; readonly koffi: Koffi; readonly process: ReturnType<Koffi['load']> }
  | { readonly ok: false; readonly why: string }

function load(): Native {
  if (platform() !== 'linux')
    return { ok: false, why: `calls to libc and OpenSSL are made on Linux only, this is ${platform()}` }
  if (arch() !== 'x64' && arch() !== 'arm64')
    return { ok: false, why: `the layouts are for x64 and arm64, not ${arch()}` }
  if (endianness() !== 'LE') return { ok: false, why: 'the layouts are for little-endian machines' }
  try {
    // A missing binary must not stop the program from starting, so this is no static import.
    const koffi: Koffi = createRequire(import.meta.url)('koffi')
    return { ok: true, koffi, process: koffi.load(null) }
  } catch (error) {
    return { ok: false, why: `koffi does not load: ${error instanceof Error ? error.message : String(error)}` }
  }
}

export const native: Native = load()

/** Looks every name up in this process. Never throws: what is not there is listed, and throws when it is called. */
export function bind<const S extends Signatures>(signatures: S, from: Native = native): Bound<S> {
  const calls: Record<string, (...args: number[]) => number> = {}
  const missing: string[] = []
  for (const [name, [result, ...args]] of Object.entries(signatures)) {
    try {
      if (!from.ok) throw new Error(from.why)
      calls[name] = from.process.func(name, result, args)
    } catch (cause) {
      missing.push(name)
      calls[name] = () => {
        throw new Error(`${name} cannot be called here`, { cause })
      }
    }
  }
  return { calls: calls as Calls<S>, missing }
}

/** Which of the names this process does not have. */
export function absent(names: readonly string[], from: Native = native): readonly string[] {
  return names.filter(name => {
    try {
      return !from.ok || !from.process.symbol(name)
    } catch {
      return true // That is how koffi says no.
    }
  })
}

/** The last call's errno. */
export function errno(): number {
  return native.ok ? native.koffi.errno() : 0
}

/** Reads 32 bits of memory that C owns. */
export function readUint32(address: number): number {
  if (!native.ok) throw new Error(native.why)
  return native.koffi.decode.uint32(BigInt(address))
}

/** The address of a function of this process, to be given to C as a callback. Throws when there is none. */
export function symbolAddress(name: string): number {
  if (!native.ok) throw new Error(native.why)
  return Number(native.process.symbol(name))
}

/**
 * Makes a function of JavaScript callable from C, in this thread and only while it calls C itself; returns its address.
 * It stays for as long as the thread lives, and must not throw.
 */
export function callback(result: CType, args: readonly CType[], action: (...args: number[]) => number): number {
  if (!native.ok) throw new Error(native.why)
  const { koffi } = native
  return Number(koffi.register(action, koffi.pointer(koffi.proto(result, [...args]))))
}
