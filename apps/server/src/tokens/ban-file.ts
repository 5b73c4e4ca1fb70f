import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identity, roomName } from '@parley/protocol'
import type { BanStore } from '@parley/signaling'
import { z } from 'zod'
import { messageOf, systemCode } from '../failure.ts'
import type { Log } from '../log/log.ts'

const bans = z.array(
  z.strictObject({
    id: z.string(),
    room: roomName.exactOptional(),
    identity: identity.exactOptional(),
    source: z.string().exactOptional(),
    spared: z.array(identity).exactOptional(),
    until: z.number(),
  }),
)

/** Keeps bans in the data folder, so that they survive a restart. What cannot be read or written is logged. */
export function banFile(dataDir: string, log: Log): BanStore {
  const file = join(dataDir, 'bans.json')
  return {
    load() {
      try {
        return bans.parse(JSON.parse(readFileSync(file, 'utf8')))
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') log.error({ file, problem: messageOf(error) }, 'bans could not be read')
        return []
      }
    },
    save(all) {
      const draft = `${file}.${process.pid}.tmp`
      try {
        writeFileSync(draft, JSON.stringify(all), { mode: 0o600 })
        renameSync(draft, file)
      } catch (error) {
        log.error({ file, problem: messageOf(error) }, 'bans could not be kept: they end with this process')
      }
    },
  }
}
