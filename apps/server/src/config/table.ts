import type { Kind } from './kinds.ts'

/** One row: a kind of value, its default, and what it is for. */
export interface Option<out T> extends Kind<T> {
  readonly default: T
  /** The default as people would write it, if that differs from the value. */
  readonly defaultText?: string
  readonly doc: string
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>

/** The values that a table describes, by name. */
export type Values<T extends OptionTable> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never }

export function option<T>(kind: Kind<T>, row: Pick<Option<NoInfer<T>>, 'default' | 'defaultText' | 'doc'>): Option<T> {
  return { ...kind, ...row }
}

/** An option that may stay unset. */
export function optional<T>(kind: Kind<T>, row: { readonly doc: string }): Option<T | undefined> {
  return { ...kind, default: undefined, doc: row.doc }
}

/** `httpPort` → `http-port`: the name in flags and in the file. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** `httpPort` → `PARLEY_HTTP_PORT`. */
export function environmentName(name: string): string {
  return `PARLEY_${kebab(name).toUpperCase().replaceAll('-', '_')}`
}
