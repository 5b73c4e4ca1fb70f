import type { Server } from 'node:https'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { ViteDevServer } from 'vite'
import type { Env } from './env.ts'

export interface DevPages {
  readonly pages: Hono<Env>
  /** Starts Vite, with its reload socket on the given server; await it before the server listens. */
  attach(server: Server): Promise<void>
  close(): Promise<void>
}

/** The web app straight from its sources, through Vite's dev server behind our own port. */
export function devPages(root: string): DevPages {
  let vite: ViteDevServer | undefined
  const pages = new Hono<Env>()
  pages.all('*', c => {
    const { incoming, outgoing } = c.env
    return new Promise<Response>((resolve, reject) => {
      outgoing.once('close', () => resolve(RESPONSE_ALREADY_SENT))
      if (!vite) reject(new Error('Vite has not started'))
      else vite.middlewares(incoming, outgoing, (error: unknown) => (error ? reject(error) : resolve(c.notFound())))
    })
  })
  return {
    pages,
    async attach(server) {
      const { createServer } = await import('vite')
      vite = await createServer({
        root,
        server: { middlewareMode: true, ws: { server }, proxy: {} },
      })
    },
    async close() {
      await vite?.close()
    },
  }
}
