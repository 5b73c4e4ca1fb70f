import { readdirSync, readFileSync } from 'node:fs'
import { fromHex } from '@parley/bytes'

/** What a file of this folder holds. */
export interface Capture {
  readonly name: string
  /** URI by id. */
  readonly extensions: ReadonlyMap<number, string>
  /** As in SDP, by payload type: `VP8/90000`. */
  readonly formats: ReadonlyMap<number, string>
  readonly rtp: readonly Uint8Array[]
  readonly rtcp: readonly Uint8Array[]
}

/** The captures, by name of file. */
export function captures(): Capture[] {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder).filter(file => file.endsWith('.txt'))
  return files.sort().map(file => readCapture(file, readFileSync(new URL(file, folder), 'utf8')))
}

function readCapture(name: string, text: string): Capture {
  const rows = text.trim().split('\n').map(line => line.split(' '))
  const of = (kind: string) => rows.filter(([first]) => first === kind)
  const table = (kind: string) => new Map(of(kind).map(([, key, value]) => [Number(key), value ?? '']))
  const packets = (kind: string) => of(kind).map(([, hex]) => fromHex(hex ?? ''))
  return {
    name: name.replace('.txt', ''),
    extensions: table('extmap'),
    formats: table('rtpmap'),
    rtp: packets('rtp'),
    rtcp: packets('rtcp'),
  }
}
