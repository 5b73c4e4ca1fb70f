import { readFlags } from '../config/flags.ts'
import { keyName } from '../config/kinds.ts'
import { loadConfig } from '../config/load.ts'
import { didYouMean } from '../config/suggest.ts'
import { Failure } from '../failure.ts'
import { addKey, removeKey, renewKey, tokenKeyFile } from '../tokens/key.ts'
import { keysIn } from '../tokens/key-ring.ts'
import type { Command } from './command.ts'
import type { Io } from './io.ts'
import { installation, installationFlags } from './token.ts'

interface Where {
  readonly dataDir: string
  readonly io: Io
}

/** What `parley key` can do. A running server notices by itself. */
const actions: Readonly<Record<string, (name: string | undefined, where: Where) => void>> = {
  list(_, { dataDir, io }) {
    io.out(`${''.padEnd(24)} ${tokenKeyFile(dataDir)}\n`)
    for (const { kid, since } of keysIn(dataDir)) io.out(`${kid.padEnd(24)} since ${since.toISOString()}\n`)
  },
  add(name, { dataDir, io }) {
    io.out(`${addKey(dataDir, named(name))}\n`)
  },
  remove(name, { dataDir }) {
    const kid = named(name)
    if (!removeKey(dataDir, kid))
      throw new Failure(1, `there is no key “${kid}”; \`parley key list\` shows which there are`)
  },
  renew(_, { dataDir, io }) {
    io.out(`${renewKey(dataDir)}\n`)
  },
}

export const key: Command = {
  doc: 'Keys that tokens are signed with: list, add <name>, remove <name>, or renew the server’s own.',
  options: installation,
  async run(argv, io) {
    const flags = argv.findIndex(word => word.startsWith('-'))
    const words = flags < 0 ? argv : argv.slice(0, flags)
    const [action = 'list', name] = words
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (!act || words.length > 2) {
      throw new Failure(2, `parley key cannot “${words.join(' ')}”${didYouMean(action, Object.keys(actions))}`)
    }
    const { values, problems } = readFlags(this.options, argv.slice(words.length))
    if (problems.length > 0) throw new Failure(2, problems.join('\n'))
    const { dataDir } = loadConfig({ argv: installationFlags(values), env: io.env, cwd: io.cwd }).config
    act(name, { dataDir, io })
    return 0
  },
}

/** The name of a key as `kid` says it. Throws Failure. */
function named(name: string | undefined): string {
  const parsed = keyName.schema.safeParse(name)
  if (parsed.success) return parsed.data
  throw new Failure(
    2,
    `${name === undefined ? 'which key?' : `“${name}” cannot be a key’s name;`} allowed: ${keyName.allowed}`,
  )
}
