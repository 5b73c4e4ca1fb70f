import { readFlags } from '../config/flags.ts'
import { onOff } from '../config/kinds.ts'
import { loadConfig } from '../config/load.ts'
import { serverOptions } from '../config/options.ts'
import { option } from '../config/table.ts'
import { Failure } from '../failure.ts'
import { colours, noPaint } from '../terminal/paint.ts'
import type { Finding } from '../troubles/finding.ts'
import type { Command } from './command.ts'
import { type Io, wantsColour } from './io.ts'

const { config, host, port, dataDir, domain, publicIp, natIp, cert, key, relayPorts, trustProxy } = serverOptions
const json = option(onOff, { default: false, doc: 'The findings as JSON.' })

/** Exit code 1 when something is wrong. */
export const doctor: Command = {
  doc: 'Check the installation that runs here: ports, certificate, clock, a relayed echo.',
  options: { config, host, port, dataDir, domain, publicIp, natIp, cert, key, relayPorts, trustProxy, json },
  async run(argv, io) {
    const given = readFlags(this.options, argv)
    if (given.problems.length > 0) throw new Failure(2, given.problems.join('\n'))
    const wantsJson = json.schema.parse(given.values.get('json') ?? false)
    const rest = argv.filter(argument => !/^--(no-)?json(=|$)/.test(argument))
    const { config } = loadConfig({ argv: rest, env: io.env, cwd: io.cwd })
    const { examine } = await import('../doctor/examine.ts')
    const findings = await examine(config, io.now)
    io.out(wantsJson ? `${JSON.stringify(findings, undefined, 2)}\n` : report(findings, io))
    return findings.some(({ result }) => result === 'bad') ? 1 : 0
  },
}

const marks = { good: '✓', note: '!', bad: '✗' } as const

function report(findings: readonly Finding[], io: Io): string {
  const paint = wantsColour(io, io.columns !== undefined) ? colours : noPaint
  const lines = findings.flatMap(finding => {
    const mark = finding.result === 'good' ? marks.good : paint.warn(marks[finding.result])
    const line = `${mark} ${paint.bold(finding.check)}: ${finding.detail}`
    return 'remedy' in finding ? [line, `    ${finding.remedy}`] : [line]
  })
  const wrong = findings.filter(({ result }) => result === 'bad').length
  const notes = findings.filter(({ result }) => result === 'note').length
  const known = notes === 0 ? '' : ` Worth knowing: ${notes}.`
  const sum = `${wrong === 0 ? 'Nothing is wrong.' : `${wrong} of ${findings.length} checks failed.`}${known}`
  return `\n${[...lines, '', sum].map(line => (line ? ` ${line}` : '')).join('\n')}\n\n`
}
