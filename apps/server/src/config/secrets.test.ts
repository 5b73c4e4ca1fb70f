import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Failure } from '../failure.ts'
import { serverOptions } from './options.ts'
import { readableSecrets, secretFileOption } from './secrets.ts'
import { configFolder } from './testing/config-folder.ts'

const one = '0123456789abcdef'
const two = 'with,comma,fedcba98'

const folder = configFolder()
const { load } = folder

/** Writes a file for its owner alone, whatever the umask is. */
function write(name: string, content: string, mode = 0o600): string {
  const path = join(folder.cwd, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

it('every secret option has a twin that names a file, and no other has', () => {
  const rows = Object.entries(serverOptions) as [string, { secret?: true }][]
  const twins = rows.filter(([, { secret }]) => secret).map(([name]) => secretFileOption(name))
  expect(rows.map(([name]) => name).filter(name => name.endsWith('File'))).toEqual(twins)
})

describe('a file with secrets', () => {
  it('has one a line, and is named by flag, variable or the JSON file, relative to where that is', () => {
    const path = write('turn', `${one}\r\n\n${two}\n`)
    for (const { config, sources, warnings } of [
      load(['--turn-secret-file', 'turn']),
      load([], { PARLEY_TURN_SECRET_FILE: path }),
    ]) {
      expect(config.turnSecret).toEqual([one, two])
      expect(sources.turnSecret).toEqual({ from: 'file', path })
      expect(warnings).toEqual([])
    }
    mkdirSync(join(folder.cwd, 'etc'))
    write('etc/users', 'ann:pass:word\n')
    write('etc/p.json', '{ "turn-user-file": "users" }')
    expect(load(['--config', 'etc/p.json']).config.turnUser).toEqual(['ann:pass:word'])
  })

  it('is as strong as what names it', () => {
    write('turn', one)
    write('parley.json', JSON.stringify({ 'turn-secret': ['c'.repeat(16)] }))
    const other = 'b'.repeat(16)
    const file = { PARLEY_TURN_SECRET_FILE: 'turn' }
    expect(load([], file).config.turnSecret).toEqual([one])
    expect(load(['--turn-secret-file=turn'], { PARLEY_TURN_SECRET: other }).config.turnSecret).toEqual([one])
    expect(load([`--turn-secret=${other}`], file).config.turnSecret).toEqual([other])
  })

  it.each([
    [['--turn-secret-file=none'], '--turn-secret-file is “DIR/none”; there is no such file'],
    [['--turn-user-file=empty'], '--turn-user-file is “DIR/empty”; there is nothing in it'],
    [['--turn-secret-file=.'], '--turn-secret-file is “DIR”; EISDIR'],
    [['--turn-secret-file=short'], '--turn-secret (from DIR/short) does not fit; allowed: '],
    [
      ['--turn-secret-file=turn', `--turn-secret=${one}`],
      '--turn-secret and --turn-secret-file are both given; one of them',
    ],
  ])('%j is explained, without the secret', (argv, words) => {
    write('empty', '\n \n')
    write('short', 'tooshort')
    write('turn', one)
    const attempt = () => load(argv)
    expect(attempt).toThrow(Failure)
    expect(attempt).toThrow(words.replace('DIR', folder.cwd))
    expect(attempt).not.toThrow(/tooshort|0123/)
  })
})

describe('a warning', () => {
  it.each([
    ['turn-secret', one, 'PARLEY_TURN_SECRET'],
    ['turn-user', 'ann:password', 'PARLEY_TURN_USER'],
  ])('of --%s on the command line says where else to put it, and not what it is', (name, secret, variable) => {
    for (const argv of [[`--${name}`, secret], [`--${name}=${secret}`]]) {
      const { warnings } = load(argv)
      expect(warnings).toEqual([expect.stringContaining(`--${name} is on the command line`)])
      expect(warnings[0]).toContain(`Put it into a file (--${name}-file), ${variable} or parley.json`)
      expect(warnings[0]).not.toContain(secret)
    }
    expect(load([], { [variable]: secret }).warnings).toEqual([])
  })

  it('of a file that others can read, if there is a secret in it', () => {
    const config = write('parley.json', JSON.stringify({ 'turn-secret': [one] }), 0o640)
    expect(load([]).warnings).toEqual([])
    chmodSync(config, 0o644)
    const remedy = (path: string) => [expect.stringContaining(`chmod o-r ${path}`)]
    expect(load([]).warnings).toEqual(remedy(config))
    write('parley.json', '{ "port": 1, "turn-secret-file": "turn" }', 0o644)
    const file = write('turn', one, 0o600)
    expect(load([]).warnings).toEqual([])
    chmodSync(file, 0o604)
    expect(load([]).warnings).toEqual(remedy(file))
    const layer = {
      source: { from: 'file' as const, path: file },
      values: new Map([['turnSecret', [one]]]),
      folder: folder.cwd,
    }
    expect(readableSecrets(serverOptions, [layer], 'win32')).toEqual([])
  })
})
