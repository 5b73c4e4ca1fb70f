import { didYouMean } from './suggest.ts'
import { kebab, type OptionTable } from './table.ts'

/** The values of a command line, not yet parsed: text, `true` or `false` for a switch, an array for a list. */
export interface GivenFlags {
  readonly values: ReadonlyMap<string, unknown>
  readonly problems: readonly string[]
}

/**
 * Reads `--name value`, `--name=value`, `--switch` and `--no-switch` by the table; the flag of a list may come several times.
 * Never throws: whatever does not fit is listed as a problem.
 */
export function readFlags(table: OptionTable, argv: readonly string[]): GivenFlags {
  const byFlag = new Map(Object.keys(table).map(name => [kebab(name), name]))
  const values = new Map<string, unknown>()
  const problems: string[] = []
  const rest = [...argv]

  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [, negation, flag = '', inline] = /^--(no-)?([^=]+)(?:=(.*))?$/s.exec(argument) ?? []
    const name = byFlag.get(flag)
    const row = name === undefined ? undefined : table[name]
    if (name === undefined || !row || (negation && row.takes !== 'switch')) {
      problems.push(describeUnknown(argument, byFlag.keys()))
      if (inline === undefined && rest[0]?.startsWith('-') === false) rest.shift()
      continue
    }
    if (row.takes === 'switch') {
      if (negation && inline !== undefined) problems.push(`--no-${flag} takes no value`)
      else values.set(name, negation ? false : (inline ?? true))
      continue
    }
    const written = inline ?? (rest[0]?.startsWith('--') ? undefined : rest.shift())
    const before = values.get(name)
    if (written === undefined) problems.push(`--${flag} needs a value: ${row.allowed}`)
    else if (row.takes === 'list') values.set(name, [...(Array.isArray(before) ? before : []), ...written.split(',')])
    else if (before !== undefined) problems.push(`--${flag} is given twice: ${before} and ${written}`)
    else values.set(name, written)
  }
  return { values, problems }
}

function describeUnknown(argument: string, flags: Iterable<string>): string {
  if (!argument.startsWith('-')) return `“${argument}” is not expected here; options begin with --`
  const written = argument.replace(/=.*/s, '')
  return `there is no option ${written}${didYouMean(
    written,
    [...flags].map(flag => `--${flag}`),
  )}`
}
