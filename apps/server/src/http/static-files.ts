import { readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import type { ServerContext } from './env.ts'

/** One file of the web app, with its compressed siblings. */
interface StaticFile {
  readonly path: string
  readonly type: string
  readonly cacheControl: string
  readonly variants: ReadonlyMap<Encoding, { readonly path: string; readonly size: number; readonly etag: string }>
}

/** Content codings (RFC 9110 §8.4.1), the best first; `identity` is the file itself. */
const encodings = { br: '.br', gzip: '.gz', identity: '' } as const
type Encoding = keyof typeof encodings

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
}

/** Names under /assets carry a hash of their content: they never change. The rest is asked for anew each time. */
function cacheControlOf(url: string): string {
  return url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}

/** The files of a folder by (decoded) URL path, as they are now. Only what is listed here can ever be served. */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>

  constructor(root: string) {
    this.#files = new Map(listFiles(root).map(path => [urlOf(root, path), describe(root, path)]))
  }

  has(url: string): boolean {
    return this.#files.has(url)
  }

  /** The file at a URL path, in the best coding that the client takes; 304 if it has it already. */
  async serve(c: ServerContext, url: string): Promise<Response | undefined> {
    const file = this.#files.get(url)
    const accepted = acceptedEncodings(c.req.header('accept-encoding') ?? '')
    const encoding = (Object.keys(encodings) as Encoding[]).find(
      candidate => file?.variants.has(candidate) && (candidate === 'identity' || accepted.has(candidate)),
    )
    const variant = encoding && file?.variants.get(encoding)
    if (!file || !variant) return undefined

    const headers = new Headers({
      'content-type': file.type,
      'cache-control': file.cacheControl,
      etag: variant.etag,
      vary: 'accept-encoding',
    })
    if (c.req.header('if-none-match')?.includes(variant.etag)) return new Response(null, { status: 304, headers })
    headers.set('content-length', String(variant.size))
    if (encoding !== 'identity') headers.set('content-encoding', encoding)
    if (c.req.method === 'HEAD') return new Response(null, { headers })
    const handle = await open(variant.path)
    return new Response(Readable.toWeb(handle.createReadStream()) as ReadableStream, { headers })
  }
}

function listFiles(root: string): string[] {
  const suffixes = Object.values(encodings).filter(suffix => suffix !== '')
  const entries = statSync(root, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(root, { recursive: true, withFileTypes: true })
    : []
  return entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .filter(entry => !suffixes.some(suffix => entry.name.endsWith(suffix)))
    .map(entry => join(entry.parentPath, entry.name))
}

function urlOf(root: string, path: string): string {
  return `/${relative(root, path).replaceAll(sep, '/')}`
}

function describe(root: string, path: string): StaticFile {
  const variants = Object.entries(encodings).flatMap(([encoding, suffix]) => {
    const stat = statSync(path + suffix, { throwIfNoEntry: false })
    if (!stat) return []
    const etag = `"${stat.size.toString(36)}-${Math.floor(stat.mtimeMs).toString(36)}${suffix}"`
    return [[encoding as Encoding, { path: path + suffix, size: stat.size, etag }] as const]
  })
  return {
    path,
    type: types[extname(path)] ?? 'application/octet-stream',
    cacheControl: cacheControlOf(urlOf(root, path)),
    variants: new Map(variants),
  }
}

/** What Accept-Encoding names without refusing it (`q=0`). */
function acceptedEncodings(header: string): Set<string> {
  const named = header.split(',').map(part =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  )
  return new Set(named.filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? '')).map(([name = '']) => name))
}
