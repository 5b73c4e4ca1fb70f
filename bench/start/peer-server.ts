import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = '1.0.2'

/**
 * PeerServer (`peer` on npm), the usual small signalling server. Installed when the bench first runs, into bench/.cache:
 * whoever only starts Parley need not download it. Returns its script.
 */
export function installPeerServer(): string {
  const folder = fileURLToPath(new URL(`../.cache/peer-${version}`, import.meta.url))
  const script = join(folder, 'node_modules/peer/dist/bin/peerjs.js')
  if (existsSync(script)) return script
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, `peer@${version}`, '--no-audit', '--no-fund', '--loglevel=error']
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`PeerServer could not be installed:\n${stderr}`)
  return script
}
