import { type CallSample, isCallSample, isRecord, isTimeline, type Timeline } from '@parley/diagnostics'
import { type Imported, parse, reportFromJson } from '../report/json.ts'
import type { Report } from '../report/report.ts'
import { isInternalsDump, samplesOfDump } from './dump.ts'
import { isRtcstatsDump, readRtcstats } from './rtcstats.ts'

/** The files the Statistics page can show: its own reports, dumps of browsers and of rtcstats, meeting timelines. */
export type Opened =
  | { readonly kind: 'report'; readonly report: Report; readonly samples: readonly CallSample[] }
  | { readonly kind: 'dump'; readonly samples: readonly CallSample[]; readonly browser: string }
  | { readonly kind: 'timeline'; readonly timeline: Timeline }

/** Reads the text of a file, recognising the format by its content rather than its name. */
export function readRecording(text: string): Imported<Opened> {
  if (isRtcstatsDump(text)) {
    const dump = readRtcstats(text)
    if (dump.samples.length === 0) return { ok: false, problem: { code: 'broken', place: 'getStats' } }
    return { ok: true, value: { kind: 'dump', ...dump } }
  }
  const raw = parse(text)
  if (raw === undefined) return { ok: false, problem: { code: 'not-json' } }
  if (isTimeline(raw)) return { ok: true, value: { kind: 'timeline', timeline: raw } }
  if (isInternalsDump(raw)) {
    const samples = samplesOfDump(raw)
    const agent: unknown = Reflect.get(raw, 'UserAgent')
    if (samples.length === 0) return { ok: false, problem: { code: 'broken', place: 'PeerConnections' } }
    return { ok: true, value: { kind: 'dump', samples, browser: typeof agent === 'string' ? agent : '' } }
  }
  const report = reportFromJson(text)
  if (!report.ok) return report
  if (report.value.page !== 'statistics') return { ok: false, problem: { code: 'wrong-page', page: report.value.page } }
  const data: unknown = report.value.data
  const samples: unknown = isRecord(data) ? data.samples : undefined
  if (!Array.isArray(samples) || !samples.every(isCallSample))
    return { ok: false, problem: { code: 'broken', place: 'data.samples' } }
  return { ok: true, value: { kind: 'report', report: report.value, samples } }
}

/** The text of a file, unzipped if needed: webrtc-internals gzips its dumps without showing it in the name. */
export async function textOfFile(file: Blob): Promise<string> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  if (head[0] !== 0x1f || head[1] !== 0x8b) return file.text()
  return new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

/** Reads a file in a worker, since a long call takes seconds to parse. @throws {Error} if the worker fails. */
export function readFileInWorker(file: Blob): Promise<Imported<Opened>> {
  const worker = new Worker(new URL('./recording-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Imported<Opened>>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Imported<Opened>>) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message || 'The file could not be read.'))
    worker.postMessage(file)
  }).finally(() => worker.terminate())
}
