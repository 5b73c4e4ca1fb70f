import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { createMiddleware } from 'hono/factory'
import type { WebApps } from '../places.ts'
import type { Env, ServerContext } from './env.ts'

const notBuilt = 'The web app has not been built. Run `npm start`, which builds it, or `npm run build`.\n'
const noPages = /^\/(api|(lab\/)?assets|socket\.io|relay)(\/|$)|\/\./
/** The home page, a room, a call to somebody, the Lab. */
const appRoutes = /^\/(?:[^/]*|(?:r|call)\/[^/]+|lab(?:\/.*)?)\/?$/

/** The built web apps: their files, and for every address that an app itself understands, its page. */
export function webApp({ meeting, lab }: WebApps): Hono<Env> {
  const app = new Hono<Env>()
  app.use(etag(), caching)
  serve(app, '/lab', lab)
  serve(app, '', meeting)
  return app
}

/** Adds an app to be served below a path. */
function serve(app: Hono<Env>, below: string, root: string): void {
  if (!existsSync(join(root, 'index.html'))) {
    app.get(`${below}/*`, c => (isPage(c) ? c.text(notBuilt, 503) : c.notFound()))
    return
  }
  const rewriteRequestPath = (path: string) => path.slice(below.length) || '/'
  const file = serveStatic<Env>({ root, precompressed: true, rewriteRequestPath })
  const page = serveStatic<Env>({ root, precompressed: true, path: 'index.html' })
  app.get(`${below}/*`, async (c, next) => (isHidden(c.req.path) ? next() : file(c, next)))
  app.get(`${below}/*`, async (c, next) => (isPage(c) ? page(c, next) : next()))
}

/** Names under /assets contain a hash of their content, so these files never change. The others are revalidated on each use. */
const caching = createMiddleware<Env>(async (c, next) => {
  await next()
  const { headers, ok } = c.res
  if (!ok) return
  headers.set('vary', 'accept-encoding')
  if (!/^(\/lab)?\/assets\//.test(c.req.path)) return headers.set('cache-control', 'no-cache')
  headers.set('cache-control', 'public, max-age=31536000, immutable')
  // Under such a name only the content coding can differ, so there is no need to hash the body.
  headers.set('etag', `"${headers.get('content-encoding') ?? 'identity'}"`)
})

/** Names that begin with a dot are not public, and compressed files have the names of what they are made of. */
function isHidden(path: string): boolean {
  return path.includes('/.') || /\.(br|gz)$/.test(path)
}

/** Whether a person is opening an address, rather than a page asking for a missing part or for another product's API. */
function isPage(c: ServerContext): boolean {
  if (noPages.test(c.req.path)) return false
  const accepts = c.req.header('accept') ?? ''
  const mode = c.req.header('sec-fetch-mode')
  if (c.req.path !== '/' && mode !== undefined && mode !== 'navigate') return false
  if (mode === undefined && !accepts.includes('text/html') && !appRoutes.test(c.req.path)) return false
  const lastSegment = c.req.path.slice(c.req.path.lastIndexOf('/'))
  return !lastSegment.includes('.') || accepts.includes('text/html')
}
