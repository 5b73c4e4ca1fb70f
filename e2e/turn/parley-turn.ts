import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parleyCommand } from '../nat/parley-on.ts'

/** `parley turn`, built, on loopback, for user `ann`, password `secret`. */
export interface ParleyTurn {
  readonly port: number
  /** Of TLS; undefined without a certificate. */
  readonly tlsPort: number | undefined
  /** Resident memory of the process that serves STUN and TURN, bytes. */
  memory(): Promise<number>
  close(): Promise<void>
}

export async function startParleyTurn(flags: readonly string[]): Promise<ParleyTurn> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-turn-'))
  const where = ['--host', '127.0.0.1', '--udp-port', '0', '--data-dir', folder, '--log-level', 'warn']
  const args = [parleyCommand, 'turn', ...where, '--turn-user', 'ann:secret', ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const [port = '', tlsPort] = await new Promise<string[]>((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('Secret'))
        resolve([...printed.matchAll(/(?:udp\/tcp|tls) (\d+)/g)].map(([, port = '']) => port))
    })
    child.once('exit', code => reject(new Error(`parley turn ended with ${code} before it was ready`)))
  })
  const edge = await onlyChildOf(child.pid ?? 0)
  return {
    port: Number(port),
    tlsPort: tlsPort === undefined ? undefined : Number(tlsPort),
    async memory() {
      const status = await readFile(`/proc/${edge}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
    },
    async close() {
      child.kill()
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Linux alone. */
async function onlyChildOf(pid: number): Promise<string> {
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const children = (await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')).split(' ').filter(Boolean)
    if (children[0] !== undefined) return children[0]
  }
  throw new Error(`process ${pid} has no child`)
}
