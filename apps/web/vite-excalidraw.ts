import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import type { Plugin } from 'vite'
import { boardAssets } from './src/meeting/board/assets.ts'

/** Stands in for what is not used: the largest part of Excalidraw by far, and languages that the app does not have. */
const nothing = '\0not-here'
const languages = ['en', 'zh-CN', 'percentages']

/**
 * Makes Excalidraw part of the app: its fonts are on the app's own origin, and nothing in it names another one to fetch from. The
 * program that turns text into diagrams (mermaid) is left out.
 */
export function excalidraw(): Plugin {
  const library = dirname(createRequire(import.meta.url).resolve('@excalidraw/excalidraw'))
  const fonts = join(library, 'fonts')
  return {
    name: 'excalidraw',
    async buildStart() {
      const { version } = JSON.parse(await readFile(join(library, '../../package.json'), 'utf8')) as { version: string }
      if (!boardAssets.includes(version))
        this.error(`The path in board/assets.ts has to name Excalidraw's version, ${version}.`)
    },
    resolveId(source, importer) {
      if (source === '@excalidraw/mermaid-to-excalidraw') return nothing
      const language = importer?.includes('excalidraw')
        ? /^\.\/locales\/([a-zA-Z-]+?)-[A-Z0-9]{8}\.js$/.exec(source)?.[1]
        : undefined
      return language === undefined || languages.includes(language) ? undefined : nothing
    },
    load: id => (id === nothing ? 'export default {}' : undefined),
    transform(code, id) {
      if (!id.includes('@excalidraw/excalidraw') || !code.includes('https://esm.sh/')) return undefined
      return { code: code.replaceAll('https://esm.sh/', `\${location.origin}${boardAssets}`), map: null }
    },
    async generateBundle() {
      for (const entry of await readdir(fonts, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const name = relative(library, path).split(sep).join('/')
        this.emitFile({ type: 'asset', fileName: `${boardAssets.slice(1)}${name}`, source: await readFile(path) })
      }
    },
    configureServer(server) {
      server.middlewares.use(boardAssets, (request, response, next) => {
        const name = decodeURIComponent((request.url ?? '').replace(/\?.*/, ''))
        if (!/^\/fonts\/\w+\/[\w.-]+$/.test(name)) return next()
        readFile(join(library, name)).then(
          font => response.setHeader('content-type', 'font/woff2').end(font),
          () => next(),
        )
      })
    },
  }
}
