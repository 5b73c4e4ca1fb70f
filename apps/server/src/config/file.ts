import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { messageOf, systemCode } from '../failure.ts'
import type { Layer } from './resolve.ts'
import { didYouMean } from './suggest.ts'
import { kebab, type OptionTable } from './table.ts'

export interface ReadFile {
  readonly layer?: Layer
  readonly problems: readonly string[]
}

/**
 * Reads a JSON object whose keys are the options' names as in flags (`"http-port": 8081`).
 * A file that was not asked for may be missing.
 */
export function readConfigFile(table: OptionTable, file: string, askedFor: boolean): ReadFile {
  const path = resolve(file)
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (!askedFor && systemCode(error) === 'ENOENT') return { problems: [] }
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error)
    return { problems: [`--config ${path}: ${why}`] }
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return { problems: [`--config ${path}: allowed is one JSON object such as { "port": 9443 }`] }
  }
  const byKey = new Map(Object.keys(table).map(name => [kebab(name), name]))
  byKey.delete('config')
  const values = new Map<string, unknown>()
  const problems: string[] = []
  for (const [key, value] of Object.entries(content)) {
    const name = byKey.get(key)
    if (name === undefined) problems.push(`${path}: there is no option “${key}”${didYouMean(key, byKey.keys())}`)
    else values.set(name, value)
  }
  return { layer: { source: { from: 'file', path }, values, folder: dirname(path) }, problems }
}
