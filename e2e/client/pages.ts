import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A script bundled from a source file of the repository, for a page to run. */
export async function bundle(path: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  const [script] = outputFiles
  if (!script) throw new Error(`esbuild made nothing of ${path}`)
  return script.text
}

export interface PageServer {
  readonly origin: string
  close(): Promise<void>
}

/** Serves an empty page that runs a script, on loopback: a secure context, so that devices can be opened. */
export async function servePage(script: string): Promise<PageServer> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>test</title><script src="/page.js"></script>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
