import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Host } from '@parley/testkit'

export const parleyCommand = fileURLToPath(new URL('../../apps/server/bin/parley.mjs', import.meta.url))

/** The built server on a host of its own network, whose first address is the public one. */
export interface ParleyOnHost {
  readonly url: string
  /** Everything it printed so far. */
  output(): string
  close(): Promise<void>
}

export async function startParleyOn(host: Host, flags: readonly string[]): Promise<ParleyOnHost> {
  const [address = ''] = host.addresses
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  const own = ['--http-port', 'off', '--data-dir', dataDir, '--public-ip', address]
  const [command = '', ...args] = [...host.prefix, process.execPath, parleyCommand, ...own, ...flags]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  let printed = ''
  const port = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      printed += chunk.toString()
      const [, port] = /https:\/\/localhost:(\d+)/.exec(printed) ?? []
      if (port) resolve(port)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', code => reject(new Error(`parley ended with ${code} before it was ready:\n${printed}`)))
  })
  return {
    url: `https://${address}:${port}`,
    output: () => printed,
    async close() {
      child.kill()
      await exited
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
