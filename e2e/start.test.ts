import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

it('npm start serves, and SIGTERM to npm stops the server', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-start-'))
  const flags = ['--port', '0', '--http-port', 'off', '--udp-port', '0', '--data-dir', dataDir]
  const npm = spawn('npm', ['start', '--', ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    let printed = ''
    const port = await new Promise<number>((resolve, reject) => {
      npm.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        const [, found] = /https:\/\/localhost:(\d+)/.exec(printed) ?? []
        if (found) resolve(Number(found))
      })
      npm.once('exit', code => reject(new Error(`npm ended with ${code}:\n${printed}`)))
    })
    expect(await listens(port)).toBe(true)
    npm.kill('SIGTERM')
    await expect.poll(() => listens(port)).toBe(false)
  } finally {
    npm.kill('SIGKILL')
    await rm(dataDir, { recursive: true, force: true })
  }
})
