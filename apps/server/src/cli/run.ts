import { optionsHelp } from '../config/describe.ts'
import { didYouMean } from '../config/suggest.ts'
import { Failure, messageOf, systemCode } from '../failure.ts'
import { diskTrouble } from '../troubles/data-folder.ts'
import { outOfFiles } from '../troubles/open-files.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'
import { config } from './config.ts'
import { doctor } from './doctor.ts'
import { fingerprint } from './fingerprint.ts'
import type { Io } from './io.ts'
import { key } from './key.ts'
import { nat } from './nat.ts'
import { serve } from './serve.ts'
import { token } from './token.ts'
import { turn } from './turn.ts'

/** Everything `parley` can do. Without a command it serves. */
const commands: Readonly<Record<string, Command>> = {
  serve,
  turn,
  token,
  key,
  doctor,
  config,
  fingerprint,
  nat,
}

/** Runs one command line (without node and script) and resolves with the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    if (systemCode(error) !== undefined) {
      io.err(`parley: ${systemTrouble(error)}\n`)
      return 1
    }
    if (!(error instanceof Failure)) throw error
    io.err(`${error.message.replace(/^/gm, 'parley: ')}\n`)
    if (error.exitCode === 2) io.err('Try `parley help`.\n')
    return error.exitCode
  }
}

/** Any step can fail because the disk is full or no file descriptor is left: these are explained. */
function systemTrouble(error: unknown): string {
  if (systemCode(error) === 'EMFILE') return outOfFiles
  if (systemCode(error) === 'ENOSPC') return diskTrouble(error).join('. ')
  return messageOf(error)
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first = ''] = argv
  const named = first !== '' && !first.startsWith('-')
  const name = named ? first : 'serve'
  const rest = named ? argv.slice(1) : argv

  if (name === 'version' || rest.includes('--version') || rest.includes('-v')) {
    io.out(`${version}\n`)
    return 0
  }
  if (name === 'help' || rest.includes('--help') || rest.includes('-h')) {
    const topic = name === 'help' ? rest.find(word => !word.startsWith('-')) : named ? name : undefined
    io.out(topic === undefined ? overview(io) : helpFor(topic, io))
    return 0
  }
  return commandNamed(name).run(rest, io)
}

function commandNamed(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command
  throw new Failure(2, `there is no command “${name}”${didYouMean(name, Object.keys(commands))}`)
}

const widest = 100

function overview(io: Io): string {
  const list = Object.entries(commands).map(([name, { doc }]) => `  ${name.padEnd(12)} ${doc}`)
  return `Parley ${version}: real-time communication in one box.

Usage: parley [command] [options]

Commands
${list.join('\n')}
  help         This, or \`parley help <command>\`.
  version      Print the version.

${optionList('serve', io)}
`
}

function helpFor(name: string, io: Io): string {
  return `${commandNamed(name).doc}\n\nUsage: parley ${name} [options]\n\n${optionList(name, io)}\n`
}

function optionList(name: string, io: Io): string {
  const options = optionsHelp(commandNamed(name).options, Math.min(io.columns ?? widest, widest))
  const also =
    name === 'serve' || name === 'config' ? '\n\nEach can also be PARLEY_<NAME> or a line in parley.json.' : ''
  return `Options${name === 'serve' ? '' : ` of ${name}`}\n${options}${also}`
}
