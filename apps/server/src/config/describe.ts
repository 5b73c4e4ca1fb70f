import { environmentName, kebab, type Option, type OptionTable } from './table.ts'

/** `--http-port <port>`; a switch that is on by default is shown by its `--no-` form. */
function flagOf(name: string, row: Option<unknown>): string {
  if (row.takes === 'switch') return row.default === true ? `--no-${kebab(name)}` : `--${kebab(name)}`
  return `--${kebab(name)} ${row.placeholder}`
}

/** The default as text; undefined if there is none to show. */
function defaultOf(row: Option<unknown>): string | undefined {
  if (row.defaultText !== undefined) return row.defaultText
  if (row.takes === 'switch' || row.default === undefined) return undefined
  return Array.isArray(row.default) && row.default.length === 0 ? undefined : String(row.default)
}

/** The options of a table for a terminal of `columns`: flags on the left, what they do on the right. */
export function optionsHelp(table: OptionTable, columns: number): string {
  const rows = Object.entries(table).map(([name, row]) => {
    const standard = defaultOf(row)
    return { flag: flagOf(name, row), text: standard === undefined ? row.doc : `${row.doc} [${standard}]` }
  })
  const indent = Math.min(32, Math.max(...rows.map(row => row.flag.length))) + 4
  return rows
    .map(({ flag, text }) => {
      const lines = wrap(text, Math.max(30, columns - indent))
      const head = `  ${flag}`.padEnd(indent)
      const gap = `\n${' '.repeat(indent)}`
      return flag.length + 4 > indent ? head + gap + lines.join(gap) : head + lines.join(gap)
    })
    .join('\n')
}

/** Breaks text at spaces into lines of at most `width`. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line]
}

const intro = `# Configuration

Every option can be a flag, an environment variable or a line in a JSON file; the first of these that has it counts.
\`npx parley config\` shows what is in force and where each value came from. A wrong value stops the start with exit code 2.

The file is \`./parley.json\`, or what \`--config\` names. Its keys are the flags without the dashes, and paths in it are
relative to it:

\`\`\`json
{ "port": 9443, "auth": "token", "allow-origin": ["https://app.example.com"] }
\`\`\`

A switch is turned off with \`--no-\` before its name, or with \`false\`. An option that may come several times is a list: the
flag again, commas in the variable, an array in the file. An empty environment variable counts as not set.

Every user of the machine can read a command line (\`ps\`), so secrets do not belong there: the server warns of each one that it
finds. Each secret option has a twin that ends in \`-file\` and names a file with the values, one a line, as Docker and
Kubernetes provide them (\`PARLEY_TURN_SECRET_FILE=/run/secrets/turn\`); the variable and the JSON file do as well. Keep such
files from others: \`chmod o-r\`.

| Flag | Environment | Default | What it does |
|---|---|---|---|`

/** docs/configuration.md, made from the table. */
export function configurationDocument(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, row]) => {
    const standard = defaultOf(row) ?? (row.takes === 'switch' ? 'off' : '')
    const flag = flagOf(name, row).replaceAll('|', '\\|')
    const cells = [
      `\`${flag}\``,
      `\`${environmentName(name)}\``,
      standard && `\`${standard}\``,
      `${row.doc} Allowed: ${row.allowed}.`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `${intro}\n${rows.join('\n')}\n`
}
