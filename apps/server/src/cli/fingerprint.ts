import { readLocalAuthority } from '../certificates/local-authority.ts'
import { loadConfig } from '../config/load.ts'
import { serverOptions } from '../config/options.ts'
import { Failure } from '../failure.ts'
import type { Command } from './command.ts'

const { config, dataDir } = serverOptions

export const fingerprint: Command = {
  doc: 'Print the fingerprint of the local certificate authority, to compare with what a browser shows.',
  options: { config, dataDir },
  async run(argv, io) {
    const { dataDir } = loadConfig({ argv, env: io.env, cwd: io.cwd }).config
    const authority = readLocalAuthority(dataDir)
    if (!authority) throw new Failure(1, `There is no authority in ${dataDir} yet: the first start makes it.`)
    io.out(`${authority.fingerprint}\n`)
    return 0
  },
}
