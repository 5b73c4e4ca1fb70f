import { randomBytes } from 'node:crypto'
import { displayName, identity as identitySchema, limits, roomName } from '@parley/protocol'
import { readFlags } from '../config/flags.ts'
import { duration, keyName, onOff, value } from '../config/kinds.ts'
import { loadConfig } from '../config/load.ts'
import { serverOptions } from '../config/options.ts'
import { resolve } from '../config/resolve.ts'
import { kebab, option, optional } from '../config/table.ts'
import { Failure } from '../failure.ts'
import { loadKey, loadTokenKey } from '../tokens/key.ts'
import { singleKey } from '../tokens/key-ring.ts'
import { createTokenService } from '../tokens/token-service.ts'
import type { Command } from './command.ts'

const claims = {
  room: optional(
    value(roomName, `letters and digits, - and _ inside, up to ${limits.roomNameChars} characters`, '<room>'),
    {
      doc: 'The only room that the token opens; without it every room, presence and calls.',
    },
  ),
  name: optional(value(displayName, `a name of up to ${limits.displayNameChars} characters`, '<name>'), {
    doc: 'What others see.',
  }),
  identity: optional(value(identitySchema, `up to ${limits.identityChars} printable characters`, '<id>'), {
    doc: 'Who it is, the same in every tab and device; made up if absent.',
  }),
  kid: optional(keyName, {
    doc: 'Sign with this key, of those that `parley key list` shows, instead of the server’s own.',
  }),
  ttl: option(duration, { default: 6 * 3600, defaultText: '6h', doc: 'How long it is valid, such as 30m or 7d.' }),
  publish: option(onOff, { default: true, doc: 'Not to send camera, microphone and screen.' }),
  subscribe: option(onOff, { default: true, doc: 'Not to receive what others send.' }),
  chat: option(onOff, { default: true, doc: 'Not to write chat messages.' }),
  admin: option(onOff, { default: false, doc: 'To use the admin API, /api/rooms.' }),
}

export const installation = { config: serverOptions.config, dataDir: serverOptions.dataDir }

export const token: Command = {
  doc: 'Make an access token, printed to standard output.',
  options: { ...claims, ...installation },
  async run(argv, io) {
    const given = readFlags(this.options, argv)
    const flags = { source: { from: 'flag' as const }, values: given.values, folder: io.cwd }
    const { values, problems } = resolve(claims, [flags], io.cwd)
    const wrong = [...given.problems, ...problems]
    if (wrong.length > 0) throw new Failure(2, wrong.join('\n'))

    const { dataDir } = loadConfig({ argv: installationFlags(given.values), env: io.env, cwd: io.cwd }).config
    const { room, name, ttl, identity, kid, ...grants } = values
    const key = kid === undefined ? loadTokenKey(dataDir) : loadKey(dataDir, kid)
    const tokens = createTokenService(singleKey(key, kid), io.now)
    const minted = await tokens.mint(
      {
        sub: identity ?? `id-${randomBytes(9).toString('hex')}`,
        ...(room !== undefined && { room }),
        ...(name !== undefined && { name }),
        grants,
      },
      ttl,
    )
    io.out(`${minted}\n`)
    return 0
  },
}

/** The flags that select an installation, as the server itself takes them. */
export function installationFlags(values: ReadonlyMap<string, unknown>): string[] {
  return Object.keys(installation).flatMap(name =>
    values.has(name) ? [`--${kebab(name)}`, String(values.get(name))] : [],
  )
}
