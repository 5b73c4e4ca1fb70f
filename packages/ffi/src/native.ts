import { createRequire } from 'node:module'
import { arch, endianness, platform } from 'node:os'

/** The types of C functions' arguments and results. Pointers are `int64`: addresses are below 2^53, so they fit a number. */
export type CType = 'int' | 'uint' | 'int64' | 'ulong' | 'void'

/** Functions by name, each with the types of its result and then its arguments. */
export type Signatures = Readonly<Record<string, readonly [result: CType, ...args: CType[]]>>

type Numbers<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest]
  ? { [K in keyof Rest]: number }
  : never

type Calls<S extends Signatures> = {
  readonly [K in keyof S]: (...args: Numbers<S[K]>) => number
}

export interface Bound<S extends Signatures> {
  readonly calls: Calls<S>
  /** The names that this process does not have. Calling one throws. */
  readonly missing: readonly string[]
}

type Koffi = typeof import('koffi')

/** The foreign function interface, or why it cannot be used here. */
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
    // Not a static import, so that the program also starts where koffi has no binary.
    const koffi: Koffi = createRequire(import.meta.url)('koffi')
    return { ok: true, koffi, process: koffi.load(null) }
  } catch (error) {
    return { ok: false, why: `koffi does not load: ${error instanceof Error ? error.message : String(error)}` }
  }
}

export const native: Native = load()

/** Looks up every name in this process. Never throws: a name that is not there is listed, and throws when called. */
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

/** Those of the names that this process does not have. */
export function absent(names: readonly string[], from: Native = native): readonly string[] {
  return names.filter(name => {
    try {
      return !from.ok || !from.process.symbol(name)
    } catch {
      return true // Koffi throws if there is no such symbol.
    }
  })
}

/** The errno of the last call. */
export function errno(): number {
  return native.ok ? native.koffi.errno() : 0
}

/** Reads 32 bits of memory that C owns. */
export function readUint32(address: number): number {
  if (!native.ok) throw new Error(native.why)
  return native.koffi.decode.uint32(BigInt(address))
}

/** The address of a function of this process, to be given to C as a callback. Throws if there is none. */
export function symbolAddress(name: string): number {
  if (!native.ok) throw new Error(native.why)
  return Number(native.process.symbol(name))
}

/**
 * Makes a JavaScript function callable from C, and returns its address. C may call it only in this thread, and only during a
 * call from JavaScript. It must not throw. It is never freed.
 */
export function callback(result: CType, args: readonly CType[], action: (...args: number[]) => number): number {
  if (!native.ok) throw new Error(native.why)
  const { koffi } = native
  return Number(koffi.register(action, koffi.pointer(koffi.proto(result, [...args]))))
}
