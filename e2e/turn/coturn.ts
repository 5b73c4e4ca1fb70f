import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'

/** Runs one of coturn's tools to its end. */
export async function run(tool: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const read = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, output }
}

/** A UDP port of 127.0.0.1 that was free just now, and its successor, which uclient uses for RTCP. */
export async function freePorts(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>(resolve => socket.close(resolve))
  return port < 65_000 ? port : 30_000
}

/** coturn's echo server on 127.0.0.1. */
export async function startPeer(port: number): Promise<ChildProcess> {
  const child = spawn('turnutils_peer', ['-L', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', resolve)
  })
  await echoes(port)
  return child
}

/** Waits until the port answers, by asking it. */
async function echoes(port: number): Promise<void> {
  const socket = createSocket('udp4')
  const heard = new Promise<void>(resolve => socket.once('message', () => resolve()))
  const asking = setInterval(() => socket.send('anybody there?', port, '127.0.0.1'), 20)
  // A port where nobody listens yet is an error of the socket, and no reason to give up.
  socket.on('error', () => undefined)
  await heard
  clearInterval(asking)
  socket.close()
}

/** What uclient says at its end: messages that it sent and that came back. */
export function totals(output: string): { sent: number; received: number; lost: number } {
  const last = [...output.matchAll(/tot_send_msgs=(\d+), tot_recv_msgs=(\d+)/g)].at(-1)
  const lost = /Total lost packets (\d+)/.exec(output)?.[1]
  if (!last || lost === undefined) throw new Error(output)
  return { sent: Number(last[1]), received: Number(last[2]), lost: Number(lost) }
}
