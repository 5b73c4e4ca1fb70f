// `npm run build`: bundles the server with esbuild, the meeting and the Lab with Vite, each only when its sources have changed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildWhenStale, checkNode, fail, installDependencies, root, runTool } from './steps.mjs'
import { foldersOf } from './workspaces.mjs'

export async function build() {
  const parts = [
    { name: 'the server', app: 'server', build: buildServer },
    { name: 'the meeting', app: 'web', build: () => buildWeb('apps/web') },
    { name: 'the Lab', app: 'lab', build: () => buildWeb('apps/lab') },
  ]
  for (const { name, app, build } of parts) {
    const sources = ['package-lock.json', 'scripts/build.mjs', ...foldersOf(app)]
    await buildWhenStale({ name, sources, output: `apps/${app}/dist`, build })
  }
}

async function buildServer() {
  const esbuild = await import('esbuild')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: {
      parley: 'apps/server/src/main.ts',
      'media-process': 'packages/edge/src/media-process.ts',
      worker: 'packages/edge/src/worker.ts',
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

function buildWeb(folder) {
  if (!runTool('vite/bin/vite.js', ['build', folder, '--logLevel', 'warn'])) fail(`${folder} could not be built.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  checkNode()
  installDependencies()
  await build()
}
