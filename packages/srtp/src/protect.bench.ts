/**
 * CPU time per packet of 1,100 bytes to protect and to unprotect, and the same with `node:crypto`, alternating, the median
 * of the rounds; then what a sender costs. Run with `npx tsx packages/srtp/src/protect.bench.ts`.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { Arena } from '@parley/ffi'
import { type SrtpProfileName, srtpProfiles } from './profiles.ts'
import { SrtpReceiver } from './receiver.ts'
import { SrtpSender } from './sender.ts'

const HEADER = 12
const BYTES = 1100
const PACKETS = 40_000
const ROUNDS = 7
const SENDERS = 4000
const SLOTS = 1024
const STRIDE = 2048

const arena = new Uint8Array(new Arena(SLOTS * STRIDE).buffer)
const source = new Uint8Array(new Arena(BYTES).buffer)

function freshKey(profile: SrtpProfileName) {
  const { keyBytes, saltBytes } = srtpProfiles[profile]
  return { profile, masterKey: randomBytes(keyBytes), masterSalt: randomBytes(saltBytes) }
}

/** Fan-out: the payload is read from one place, each packet is made in the next slot. */
function writeHeader(at: number, sequence: number): void {
  arena[at] = 0x80
  arena[at + 1] = 96
  arena[at + 2] = sequence >> 8
  arena[at + 3] = sequence
  arena.fill(7, at + 4, at + HEADER)
}

/** µs of CPU per packet that `work` takes. */
function measure(work: (packet: number) => void): number {
  const start = process.cpuUsage()
  for (let packet = 0; packet < PACKETS; packet++) work(packet)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / PACKETS
}

function ours(profile: SrtpProfileName): { protect: number; unprotect: number } {
  const key = freshKey(profile)
  const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)]
  const { rtpOverhead } = srtpProfiles[profile]
  let [protect, unprotect] = [0, 0]
  // As many at a time as there are slots, so that each side runs by itself.
  const batches = Math.ceil(PACKETS / SLOTS)
  for (let batch = 0; batch < batches; batch++) {
    const first = batch * SLOTS
    let start = process.cpuUsage()
    for (let slot = 0; slot < SLOTS; slot++) {
      const at = slot * STRIDE
      writeHeader(at, (first + slot) & 0xffff)
      if (sender.protectRtp(arena, at, at + HEADER, source, HEADER, BYTES) < 0) throw new Error('not protected')
    }
    let used = process.cpuUsage(start)
    protect += used.user + used.system
    start = process.cpuUsage()
    for (let slot = 0; slot < SLOTS; slot++) {
      const at = slot * STRIDE
      if (receiver.unprotectRtp(arena, at, at + BYTES + rtpOverhead) !== at + BYTES) throw new Error('not authentic')
    }
    used = process.cpuUsage(start)
    unprotect += used.user + used.system
  }
  sender.close()
  receiver.close()
  return { protect: protect / (batches * SLOTS), unprotect: unprotect / (batches * SLOTS) }
}

/** The least that SRTP takes with node:crypto: no windows, no roll-over, one nonce. */
function nodeCrypto(profile: SrtpProfileName): { protect: number; unprotect: number } {
  const { keyBytes, aead } = srtpProfiles[profile]
  const [key, authKey, iv] = [randomBytes(keyBytes), randomBytes(20), randomBytes(aead ? 12 : 16)]
  const [header, payload] = [source.subarray(0, HEADER), source.subarray(HEADER)]
  if (!aead) {
    const both = measure(() => {
      const text = createCipheriv('aes-128-ctr', key, iv).update(payload)
      createHmac('sha1', authKey).update(header).update(text).digest()
    })
    return { protect: both, unprotect: both }
  }
  const name = keyBytes === 16 ? 'aes-128-gcm' : 'aes-256-gcm'
  let [text, tag]: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)]
  const protect = measure(() => {
    const cipher = createCipheriv(name, key, iv).setAAD(header)
    text = cipher.update(payload)
    cipher.final()
    tag = cipher.getAuthTag()
  })
  const unprotect = measure(() => {
    const decipher = createDecipheriv(name, key, iv).setAAD(header).setAuthTag(tag)
    decipher.update(text)
    decipher.final()
  })
  return { protect, unprotect }
}

/** The senders stay until the end: memory that was freed and is used again would look like none. */
const kept: SrtpSender[] = []

function setUp(profile: SrtpProfileName): string {
  const keys = Array.from({ length: SENDERS }, () => freshKey(profile))
  const before = process.memoryUsage().rss
  const start = process.cpuUsage()
  for (const key of keys) kept.push(new SrtpSender(key))
  const { user, system } = process.cpuUsage(start)
  const bytes = (process.memoryUsage().rss - before) / SENDERS
  return `a sender ${us((user + system) / SENDERS)} and ${(bytes / 1024).toFixed(1)} KiB`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}

const us = (value: number) => `${value.toFixed(2)} µs`

const names = Object.keys(srtpProfiles) as SrtpProfileName[]
const setUps = new Map(names.map(profile => [profile, setUp(profile)]))

for (const profile of names) {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => ({ ours: ours(profile), theirs: nodeCrypto(profile) })).slice(
    1,
  )
  const of = (who: 'ours' | 'theirs', what: 'protect' | 'unprotect') => median(rounds.map(round => round[who][what]))
  const compared = (what: 'protect' | 'unprotect') =>
    `${what} ${us(of('ours', what))} (node:crypto ${us(of('theirs', what))})`
  console.log(`${profile}: ${compared('protect')}, ${compared('unprotect')}; ${setUps.get(profile)}`)
}
for (const sender of kept) sender.close()
