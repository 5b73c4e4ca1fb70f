/*
 * What it costs to look into packets that Chromium sent: nanoseconds and bytes of garbage for each.
 *   npx tsx packages/rtp/src/codecs/inspect.bench.ts
 */
import { captures } from '../../testdata/corpus.ts'
import { DependencyDescriptor } from '../extensions/dependency-descriptor.ts'
import { headerExtensions } from '../extensions/header-extensions.ts'
import { RtpPacket } from '../packet/rtp-packet.ts'
import { type RtcpHandlers, readCompound } from '../rtcp/read-compound.ts'
import { inspectors } from './inspectors.ts'
import { PayloadInfo } from './payload-info.ts'

const info = new PayloadInfo()
const handlers: RtcpHandlers = { receiverReport: () => {}, nack: () => {}, transportFeedback: () => {} }

for (const { name, extensions, formats, rtp, rtcp } of captures()) {
  const packets = rtp.map(bytes => {
    const packet = new RtpPacket()
    packet.parse(bytes, 0, bytes.length)
    return packet
  })
  const [format] = formats.values()
  const inspect = inspectors.get(format?.split('/')[0]?.toLowerCase() ?? '')
  const id = [...extensions].find(([, uri]) => uri === headerExtensions.dependencyDescriptor)?.[0] ?? 0
  const media = packets.filter(({ payloadType }) => formats.get(payloadType) === format)
  const described = media.filter(packet => packet.findExtension(id) >= 0)
  const descriptor = new DependencyDescriptor()
  const read = (packet: RtpPacket) => descriptor.parse(packet.bytes, packet.findExtension(id), packet.extensionLength)
  // Reading a structure allocates; that happens once a key frame and is not measured here.
  const plain = described.filter(packet => read(packet) && !descriptor.structureAttached)
  if (inspect)
    report(`${name}: payload`, media, ({ bytes, payloadStart, payloadEnd }) =>
      inspect(bytes, payloadStart, payloadEnd, info),
    )
  report(`${name}: dependency descriptor`, plain, read)
  if (rtp.length === 0)
    report(`${name}: compound packet`, rtcp, bytes => readCompound(bytes, 0, bytes.length, handlers))
}

function report<T>(label: string, samples: readonly T[], run: (sample: T) => unknown): void {
  if (samples.length === 0) return
  let ns = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round++) ns = Math.min(ns, timed(samples, 100_000, run))
  // Whenever the collector comes between, the heap seems to have grown by less: the largest growth is the true one.
  const bytes = Math.max(...Array.from({ length: 21 }, () => garbageOf(samples, 1000, run)))
  console.log(`${label.padEnd(44)} ${ns.toFixed(0).padStart(6)} ns ${bytes.toFixed(1).padStart(8)} B`)
}

function runs<T>(samples: readonly T[], count: number, run: (sample: T) => unknown): void {
  for (let i = 0, next = 0; i < count; i++) {
    run(samples[next] as T)
    if (++next === samples.length) next = 0
  }
}

function timed<T>(samples: readonly T[], count: number, run: (sample: T) => unknown): number {
  const start = performance.now()
  runs(samples, count, run)
  return ((performance.now() - start) * 1e6) / count
}

function garbageOf<T>(samples: readonly T[], count: number, run: (sample: T) => unknown): number {
  const before = process.memoryUsage().heapUsed
  runs(samples, count, run)
  return (process.memoryUsage().heapUsed - before) / count
}
