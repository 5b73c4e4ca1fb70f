import { Hono } from 'hono'
import type { Env, ServerContext } from './env.ts'
import { StaticFiles } from './static-files.ts'

const notBuilt = 'The web app has not been built. Run `npm start`, which builds it, or `npm run build`.\n'
const noPages = /^\/(api|assets|socket\.io|relay)(\/|$)|\/\./
/** The home page, a room, a call to somebody, the Lab. */
const appRoutes = /^\/(?:[^/]*|(?:r|call)\/[^/]+|lab(?:\/.*)?)\/?$/

/** The built web app: its files, and its page for every address that the app itself understands. */
export function webApp(root: string): Hono<Env> {
  const files = new StaticFiles(root)
  const app = new Hono<Env>()
  app.get('*', async c => {
    const file = await files.serve(c, c.req.path)
    if (file) return file
    if (!isPage(c)) return c.notFound()
    return (await files.serve(c, '/index.html')) ?? c.text(notBuilt, 503)
  })
  return app
}

/** A person opening an address, rather than a page asking for a part that is not there, or for another product's API. */
function isPage(c: ServerContext): boolean {
  if (noPages.test(c.req.path)) return false
  const accepts = c.req.header('accept') ?? ''
  const mode = c.req.header('sec-fetch-mode')
  if (c.req.path !== '/' && mode !== undefined && mode !== 'navigate') return false
  if (mode === undefined && !accepts.includes('text/html') && !appRoutes.test(c.req.path)) return false
  const lastSegment = c.req.path.slice(c.req.path.lastIndexOf('/'))
  return !lastSegment.includes('.') || accepts.includes('text/html')
}
