import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Exchange, Kind } from '../foreign-stacks.ts'

/** A WebRTC implementation that Debian's own Python reaches. */
export type PythonStack = 'aiortc' | 'gstreamer'

const offerMs = 90_000

type Said = { readonly offer: string } | { readonly decoded: Kind }

/**
 * Starts such a peer and negotiates for it. Resolves when it has been answered.
 * @param onDecoded Told of each frame that it has decoded.
 */
export async function pythonPeer(
  stack: PythonStack,
  part: 'publish' | 'play',
  exchange: Exchange,
  onDecoded: (kind: Kind) => void = () => {},
): Promise<{ close(): Promise<void> }> {
  const script = fileURLToPath(new URL(`${stack}_peer.py`, import.meta.url))
  const peer = spawn('/usr/bin/python3', [script, part], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(peer, 'exit')
  const complaints: Buffer[] = []
  peer.stderr.on('data', chunk => complaints.push(chunk))
  const lines = createInterface({ input: peer.stdout })
  const close = async () => {
    peer.kill()
    await ended
  }
  const late = setTimeout(() => peer.kill(), offerMs)
  const offer = await new Promise<string>((resolve, reject) => {
    lines.on('line', line => {
      const said = JSON.parse(line) as Said
      if ('offer' in said) resolve(said.offer)
      else onDecoded(said.decoded)
    })
    peer.once('exit', code => reject(new Error(`${stack} ended with ${code}:\n${Buffer.concat(complaints)}`)))
  }).finally(() => clearTimeout(late))
  try {
    peer.stdin.write(`${JSON.stringify(await exchange(offer))}\n`)
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}
