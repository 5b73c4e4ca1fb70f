import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { parseHostPort } from '@parley/net'
import { type DiscoveryFindings, discoverNat, type Lifetime } from '@parley/turn'
import { Address } from '@parley/udp'
import { z } from 'zod'
import { readFlags } from '../config/flags.ts'
import { isHostname, listOf, onOff, value } from '../config/kinds.ts'
import { resolve } from '../config/resolve.ts'
import { option } from '../config/table.ts'
import { Failure, systemCode } from '../failure.ts'
import type { Command } from './command.ts'
import { inWords, type Told } from './nat-sentences.ts'

/** With the 8 s that the tests take at most, the whole stays below 10 s. */
const lookupMs = 1_900
const stunPort = 3478

interface ServerName {
  readonly host: string
  readonly port: number
}

const serverName = value(
  z.string().transform((written, context): ServerName => {
    const { host = '', port = stunPort } = parseHostPort(written) ?? {}
    if ((isIP(host) !== 0 || isHostname(host)) && port > 0) return { host, port }
    context.addIssue({ code: 'custom', message: 'not a server' })
    return z.NEVER
  }),
  'a name or an address with an optional port, such as stun.example.com:3478 or [2001:db8::1]:3478',
  '<host:port>',
)

const options = {
  server: option(listOf(serverName), {
    default: [],
    doc: 'A STUN server outside your network, best one with RFC 5780; a second one helps where the first has no second address.',
  }),
  json: option(onOff, { default: false, doc: 'Print the findings as JSON.' }),
  lifetime: option(onOff, {
    default: false,
    doc: 'Measure, too, how long an unused binding lives. Takes up to five minutes.',
  }),
}

/** Exit code 0 where UDP came back, 1 where none did. */
export const nat: Command = {
  doc: 'Find out what NAT is between here and a STUN server, and what it means for calls.',
  options,
  async run(argv, io) {
    const given = readFlags(this.options, argv)
    const flags = { source: { from: 'flag' as const }, values: given.values, folder: io.cwd }
    const { values, problems } = resolve(options, [flags], io.cwd)
    const wrong = [...given.problems, ...problems]
    if (wrong.length > 0) throw new Failure(2, wrong.join('\n'))
    const [first, second, ...more] = values.server
    if (!first) {
      throw new Failure(
        2,
        '--server <host:port> is needed: a STUN server outside your network, such as the Parley you want to use.\n' +
          'One on this machine cannot see what is between you and the others.',
      )
    }
    if (more.length > 0) throw new Failure(2, '--server is given more than twice')

    const server = await addressOf(first)
    const findings = await discover({
      server,
      ...(second && { second: await addressOf(second, server.version) }),
      lifetime: values.lifetime,
    })
    const words = inWords(findings)
    io.out(values.json ? `${JSON.stringify(words, explicit, 2)}\n` : report(words))
    return findings.udp ? 0 : 1
  },
}

/** What is not known is there as null, beside its reason. */
function explicit(_name: string, part: unknown): unknown {
  return part === undefined ? null : part
}

async function discover(options: Parameters<typeof discoverNat>[0]): Promise<DiscoveryFindings> {
  try {
    return await discoverNat(options)
  } catch (error) {
    const code = systemCode(error)
    if (code === undefined) throw error
    throw new Failure(1, `This machine cannot send UDP to ${options.server} (${code}).`, { cause: error })
  }
}

async function addressOf({ host, port }: ServerName, version: 0 | 4 | 6 = 0): Promise<Address> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Failure(1, `The name ${host} was not resolved within 2 s.`)), lookupMs)
  })
  try {
    const { address } = await Promise.race([lookup(host, { family: version }), late])
    return Address.parse(address, port)
  } catch (error) {
    const code = systemCode(error)
    if (code === undefined) throw error
    const how = version === 0 ? '' : ` over IPv${version}`
    throw new Failure(1, `The name ${host} could not be resolved${how} (${code}).`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The findings for a person. */
function report(findings: ReturnType<typeof inWords>): string {
  const { server, local, mapped, mapping, filtering, hairpinning, lifetime, classic, calls } = findings
  const rows = [
    ['STUN server', server],
    ['This machine', local ?? '-'],
    ['Seen from outside', mapped ?? 'not at all: nothing came back'],
    ['Mapping', told(mapping, String)],
    ['Filtering', told(filtering, String)],
    ['Hairpinning', told(hairpinning, works => (works ? 'yes' : 'no'))],
    ['Unused binding', told(lifetime, lifetimeInWords)],
    ['Classic name', told(classic, String)],
    ['Calls', told(calls, String)],
  ] as const
  const because = [mapping, filtering, classic, calls].flatMap(finding =>
    finding.value === undefined ? [] : finding.evidence,
  )
  const table = rows.map(([name, text]) => `  ${name.padEnd(18)} ${text}\n`).join('')
  return `${table}\n${[...new Set(because)].map(sentence => `  - ${sentence}\n`).join('')}`
}

function told<T>(finding: Told<T>, inWords: (value: T) => string): string {
  if ('why' in finding) return `can’t tell: ${finding.why}`
  return `${inWords(finding.value)}${finding.sure === 'likely' ? ', likely' : ''}`
}

function lifetimeInWords({ atLeastS, lessThanS }: Lifetime): string {
  return lessThanS === undefined ? `lives ${atLeastS} s or longer` : `lives between ${atLeastS} and ${lessThanS} s`
}
