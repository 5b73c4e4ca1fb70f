import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA, type VitePWAOptions } from 'vite-plugin-pwa'

export interface AppBuild {
  /** Where the server has the app: its pages are this path and all below it. */
  readonly base: '/' | `/${string}/`
  readonly manifest: VitePWAOptions['manifest']
  /** Paths below the base that are not pages of this app, e.g. the API. */
  readonly notPages?: readonly RegExp[]
  /** Modules that are fetched when they are first needed, and with all that only they need are not stored for offline use before. */
  readonly onDemand?: readonly RegExp[]
  /** Patterns of files of which the same is true: workers, and what is copied. */
  readonly notKept?: readonly string[]
  readonly plugins?: readonly Plugin[]
}

/** How an app made of these components is built, and served while it is developed. */
export function viteApp({ base, manifest, notPages = [], onDemand = [], notKept = [], plugins = [] }: AppBuild) {
  const later = new Set<string>()
  return defineConfig({
    base,
    publicDir: fileURLToPath(new URL('public', import.meta.url)),
    plugins: [
      samePage(),
      ...plugins,
      react(),
      tailwindcss(),
      findOnDemand(onDemand, later),
      VitePWA({
        registerType: 'prompt',
        injectRegister: null,
        manifest,
        workbox: {
          globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
          globIgnores: ['**/node_modules/**/*', ...notKept],
          manifestTransforms: [entries => ({ manifest: entries.filter(({ url }) => !later.has(url)), warnings: [] })],
          navigateFallback: `${base}index.html`,
          navigateFallbackDenylist: [...notPages],
          // Workbox takes the caches of all scopes that begin like ours for older ones of our own: the Lab's for the meeting's.
          cleanupOutdatedCaches: false,
        },
      }),
      precompress(),
    ],
    build: {
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: true,
      // The largest are the whiteboard's, which are fetched on demand.
      chunkSizeWarningLimit: 4000,
    },
  })
}

/** Fills `<!-- head -->` and `<!-- body -->` of an app's page with what every page has: `html/`. */
function samePage(): Plugin {
  const part = (name: string) => readFile(fileURLToPath(new URL(`html/${name}.html`, import.meta.url)), 'utf8')
  return {
    name: 'same-page',
    transformIndexHtml: {
      order: 'pre',
      handler: async page =>
        page.replace('<!-- head -->', await part('head')).replace('<!-- body -->', await part('body')),
    },
  }
}

/** Collects the files of a build that are only needed by some modules. */
function findOnDemand(modules: readonly RegExp[], found: Set<string>): Plugin {
  return {
    name: 'find-on-demand',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).flatMap(file => (file.type === 'chunk' ? [file] : []))
      const wanted = (file: string) => {
        const chunk = chunks.find(({ fileName }) => fileName === file)
        return chunk?.moduleIds.some(id => modules.some(module => module.test(id))) ?? false
      }
      const reach = (from: readonly string[], stops: (file: string) => boolean) => {
        const seen = new Set<string>()
        const visit = (file: string) => {
          if (seen.has(file) || stops(file)) return
          seen.add(file)
          const chunk = chunks.find(({ fileName }) => fileName === file)
          for (const next of [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])]) visit(next)
          for (const style of chunk?.viteMetadata?.importedCss ?? []) seen.add(style)
        }
        for (const file of from) visit(file)
        return seen
      }
      const entries = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName)
      const needed = reach(entries, wanted)
      const starts = chunks.map(({ fileName }) => fileName).filter(wanted)
      for (const file of reach(starts, () => false)) if (!needed.has(file)) found.add(file)
    },
  }
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Writes `.br` and `.gz` beside every text asset of 1 kB or more, so that the server never compresses at run time. */
function precompress(): Plugin {
  let dir = 'dist'
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    configResolved: config => {
      dir = join(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile() || !/\.(js|css|html|svg|json|wasm|webmanifest)$/.test(entry.name)) continue
          const path = join(entry.parentPath, entry.name)
          const bytes = await readFile(path)
          if (bytes.length < 1024) continue
          // The last two steps take ten times as long, which is much for megabytes.
          const quality = bytes.length > 1_000_000 ? 9 : 11
          await writeFile(`${path}.br`, await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }))
          await writeFile(`${path}.gz`, await zip(bytes, { level: 9 }))
        }
      },
    },
  }
}
