import { loadConfig } from '../config/load.ts'
import { type Config, serverOptions } from '../config/options.ts'
import type { Source } from '../config/resolve.ts'
import { environmentName, kebab } from '../config/table.ts'
import type { Command } from './command.ts'

/** Shows the configuration in force, but no secrets. */
export const config: Command = {
  doc: 'Print the configuration in force and where each value came from.',
  options: serverOptions,
  async run(argv, io) {
    const { config, sources, warnings } = loadConfig({ argv, env: io.env, cwd: io.cwd })
    const rows = (Object.keys(serverOptions) as (keyof Config)[]).map(name => ({
      name: kebab(name),
      value: shown(config[name], serverOptions[name].secret),
      source: describeSource(name, sources[name]),
    }))
    const nameWidth = Math.max(...rows.map(row => row.name.length))
    const valueWidth = Math.max(...rows.map(row => row.value.length))
    for (const { name, value, source } of rows) {
      io.out(`${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}\n`)
    }
    for (const warning of warnings) io.err(`! ${warning}\n`)
    return 0
  },
}

function shown(value: Config[keyof Config], secret: true | undefined): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '-'
  if (secret) return '(secret)'
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function describeSource(name: string, source: Source): string {
  const words: Readonly<Record<Source['from'], string>> = {
    default: 'default',
    flag: `--${kebab(name)}`,
    environment: environmentName(name),
    file: source.from === 'file' ? source.path : '',
  }
  return words[source.from]
}
