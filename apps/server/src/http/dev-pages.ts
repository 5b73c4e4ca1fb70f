import type { Server } from 'node:https'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { ViteDevServer } from 'vite'
import type { WebApps } from '../places.ts'
import type { Env } from './env.ts'

export interface DevPages {
  readonly pages: Hono<Env>
  /** Starts Vite, with its reload socket on the given server; await it before the server listens. */
  attach(server: Server): Promise<void>
  close(): Promise<void>
}

/** The web apps straight from their sources, each through a dev server of Vite behind our own port. */
export function devPages(sources: WebApps): DevPages {
  let meeting: ViteDevServer | undefined
  let lab: ViteDevServer | undefined
  const pages = new Hono<Env>()
  // Vite knows an app only below its base, which ends in a slash.
  pages.get('/lab', c => c.redirect('/lab/'))
  pages.all('*', c => {
    const { incoming, outgoing } = c.env
    return new Promise<Response>((resolve, reject) => {
      outgoing.once('close', () => resolve(RESPONSE_ALREADY_SENT))
      const vite = /^\/lab(\/|$)/.test(c.req.path) ? lab : meeting
      if (!vite) reject(new Error('Vite has not started'))
      else vite.middlewares(incoming, outgoing, (error: unknown) => (error ? reject(error) : resolve(c.notFound())))
    })
  })
  return {
    pages,
    async attach(server) {
      const { createServer } = await import('vite')
      const open = (root: string) => createServer({ root, server: { middlewareMode: true, ws: { server }, proxy: {} } })
      meeting = await open(sources.meeting)
      lab = await open(sources.lab)
    },
    async close() {
      await Promise.all([meeting?.close(), lab?.close()])
    },
  }
}
