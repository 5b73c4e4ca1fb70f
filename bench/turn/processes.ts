import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { smallHeap } from '@parley/edge'
import { build } from 'esbuild'

/** Linux counts CPU time in hundredths of a second, for every program. */
const usPerTick = 10_000

export interface ServerProcess {
  readonly port: number
  /** µs of CPU used so far, by all threads. */
  cpu(): number
  /** Resident bytes. */
  memory(): number
  close(): Promise<void>
}

/** Certificate and key; TLS is served on the port after the first one. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** A certificate for this run, made by OpenSSL's command. */
export function makeCertificate(): TlsFiles {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  execFileSync('openssl', [...made, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key }
}

/** Our server, bundled as the product is: UDP alone, or TCP too and TLS on the next port. */
export async function startOurs(port: number, tls?: TlsFiles): Promise<ServerProcess> {
  const outfile = fileURLToPath(new URL('../.cache/turn-ours.mjs', import.meta.url))
  await build({
    entryPoints: [fileURLToPath(new URL('ours.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    external: ['koffi'],
  })
  const args = [...smallHeap, outfile, String(port), ...(tls ? [tls.cert, tls.key] : [])]
  return ready(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), port)
}

/** Debian's coturn on the same ports, with everything off that is not measured. */
export function startCoturn(port: number, tls?: TlsFiles): Promise<ServerProcess> {
  const options = ['-L', '127.0.0.1', '-E', '127.0.0.1', '-p', String(port), '-a', '-u', 'ann:secret', '-r', 'turn']
  const streams = tls
    ? ['--cert', tls.cert, '--pkey', tls.key, '--tls-listening-port', String(port + 1)]
    : ['--no-tls', '--no-tcp']
  const less = ['--allow-loopback-peers', '--no-cli', '--no-dtls', '-n', '--log-file', '/dev/null', ...streams]
  const range = ['--min-port', '30000', '--max-port', '39999', '-m', '1', '--pidfile', '/dev/null']
  return ready(spawn('turnserver', [...options, ...less, ...range], { stdio: 'ignore' }), port)
}

export async function startPeer(port: number): Promise<ChildProcess> {
  const child = spawn('turnutils_peer', ['-L', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  await answers(port, Buffer.from('hello'))
  return child
}

/** Runs coturn's load generator; returns the messages that it sent and got back. */
export async function uclient(port: number, peer: number, args: readonly string[]) {
  const to = ['-u', 'ann', '-w', 'secret', '-e', '127.0.0.1', '-r', String(peer), '-p', String(port)]
  const child = spawn('turnutils_uclient', [...to, ...args, '127.0.0.1'], { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  await new Promise(resolve => child.once('close', resolve))
  const last = [...output.matchAll(/tot_send_msgs=(\d+), tot_recv_msgs=(\d+)/g)].at(-1)
  if (!last) throw new Error(output)
  return { sent: Number(last[1]), received: Number(last[2]) }
}

async function ready(child: ChildProcess, port: number): Promise<ServerProcess> {
  const { pid } = child
  if (pid === undefined) throw new Error('the server did not start')
  // A STUN Binding request.
  await answers(port, Buffer.from('000100002112a442000102030405060708090a0b', 'hex'))
  return {
    port,
    cpu() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      return (Number(fields[11]) + Number(fields[12])) * usPerTick
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
    async close() {
      child.kill('SIGKILL')
      await new Promise(resolve => child.once('close', resolve))
    },
  }
}

async function answers(port: number, question: Uint8Array): Promise<void> {
  const socket = createSocket('udp4')
  const heard = new Promise<void>(resolve => socket.once('message', () => resolve()))
  // The kernel answers with an error until the server listens.
  socket.on('error', () => undefined)
  const asking = setInterval(() => socket.send(question, port, '127.0.0.1'), 50)
  await heard
  clearInterval(asking)
  socket.close()
}
