// `npm run build`: bundles the server with esbuild and the web app with Vite, each only when its sources have changed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWhenStale, checkNode, fail, installDependencies, root, runTool } from './steps.mjs'

const serverPackages = [
  'protocol',
  'signaling',
  'bytes',
  'net',
  'nat',
  'stun',
  'ffi',
  'udp',
  'turn',
  'rtp',
  'srtp',
  'dtls',
  'sfu',
]
const webPackages = ['protocol', 'client', 'bytes', 'net', 'nat']
const sourcesOf = packages => packages.map(name => `packages/${name}/src`)

export async function build() {
  await buildWhenStale({
    name: 'the server',
    sources: [
      'package-lock.json',
      'scripts/build.mjs',
      'apps/server/src',
      'apps/server/package.json',
      ...sourcesOf(serverPackages),
    ],
    output: 'apps/server/dist',
    build: buildServer,
  })
  await buildWhenStale({
    name: 'the web app',
    sources: ['package-lock.json', 'scripts/build.mjs', 'apps/web', ...sourcesOf(webPackages)],
    output: 'apps/web/dist',
    build: buildWeb,
  })
}

async function buildServer() {
  const esbuild = await import('esbuild')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: {
      parley: 'apps/server/src/main.ts',
      edge: 'apps/server/src/edge/edge.ts',
      'udp-thread': 'apps/server/src/edge/udp-thread.ts',
    },
    outdir: 'apps/server/dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    sourcemap: true,
    logLevel: 'warning',
    define: { 'process.env.PARLEY_VERSION': JSON.stringify(version) },
    plugins: [externalPackages],
  })
}

/** Our own packages are bundled; everything else stays in node_modules. */
const externalPackages = {
  name: 'external-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      path.startsWith('@parley/') || kind === 'entry-point' ? undefined : { path, external: true },
    )
  },
}

async function buildWeb() {
  if (!runTool('vite/bin/vite.js', ['build', 'apps/web', '--logLevel', 'warn'])) fail('The web app could not be built.')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  checkNode()
  installDependencies()
  await build()
}
