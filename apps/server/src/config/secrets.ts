import { readFileSync, statSync } from 'node:fs'
import { resolve as resolvePath } from 'node:path'
import { messageOf, systemCode } from '../failure.ts'
import type { Layer } from './resolve.ts'
import { environmentName, kebab, type OptionTable } from './table.ts'

/** The option that names a file with the values of a secret one: `turnSecret` → `turnSecretFile`. */
export function secretFileOption(name: string): string {
  return `${name}File`
}

export interface WithSecrets {
  readonly layers: readonly Layer[]
  readonly problems: readonly string[]
}

/** Reads the files that the layers name for secret options; each is a layer of its own, as strong as the one that names it. */
export function readSecretFiles(table: OptionTable, layers: readonly Layer[]): WithSecrets {
  const problems: string[] = []
  const all = layers.flatMap(layer => {
    const files = secretNames(table).flatMap(name => {
      const named = layer.values.get(secretFileOption(name))
      if (typeof named !== 'string' || named === '') return []
      const flag = `--${kebab(name)}`
      if (layer.values.has(name)) {
        problems.push(`${flag} and ${flag}-file are both given; one of them`)
        return []
      }
      const path = resolvePath(layer.folder, named)
      const values = readLines(path)
      if (Array.isArray(values))
        return [{ ...layer, source: { from: 'file', path }, values: new Map([[name, values]]) }]
      problems.push(`${flag}-file is “${path}”; ${values}`)
      return []
    }) satisfies Layer[]
    return [...files, layer]
  })
  return { layers: all, problems }
}

/** The lines that are not empty, or why there are none. */
function readLines(path: string): string[] | string {
  try {
    const lines = readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .filter(line => line.trim() !== '')
    return lines.length > 0 ? lines : 'there is nothing in it'
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? 'there is no such file' : messageOf(error)
  }
}

/** A warning for each secret that is written where everybody can read it. */
export function secretsOnCommandLine(table: OptionTable, flags: Layer['values']): string[] {
  return secretNames(table)
    .filter(name => flags.has(name))
    .map(name => {
      const [flag, variable] = [`--${kebab(name)}`, environmentName(name)]
      return `${flag} is on the command line, where every user of this machine can read it (ps). Put it into a file (${flag}-file), ${variable} or parley.json, and take another one if others have been here.`
    })
}

/** A warning for each file with secrets that others can read. Windows has no permission bits. */
export function readableSecrets(table: OptionTable, layers: readonly Layer[], platform = process.platform): string[] {
  if (platform === 'win32') return []
  const files = layers.flatMap(({ source, values }) =>
    source.from === 'file' && secretNames(table).some(name => values.has(name)) ? [source.path] : [],
  )
  return files
    .filter(path => (statSync(path).mode & 0o004) !== 0)
    .map(
      path =>
        `Every user of this machine can read the secrets in ${path}. chmod o-r ${path}, and take others if somebody has been here.`,
    )
}

function secretNames(table: OptionTable): string[] {
  return Object.keys(table).filter(name => table[name]?.secret)
}
