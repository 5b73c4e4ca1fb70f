import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const require = createRequire(import.meta.url)

/** A folder of a package, found by a file that the package lets one ask for. */
const folderOf = (file: string) => dirname(require.resolve(file))
const segmentation = () => folderOf('@mediapipe/selfie_segmentation/selfie_segmentation.js')
const noise = () => folderOf('@sapphi-red/web-noise-suppressor/rnnoise.wasm')
/** One may ask for its program for Node only; the others are beside it. */
const human = () => join(folderOf('@vladmandic/human'), '..')

/** The files that effects fetch when they are first used: where each is, by the name that it is served under. */
const files: Record<string, () => string> = {
  'selfie_segmentation.js': () => join(segmentation(), 'selfie_segmentation.js'),
  'selfie_segmentation.binarypb': () => join(segmentation(), 'selfie_segmentation.binarypb'),
  'selfie_segmentation_landscape.tflite': () => join(segmentation(), 'selfie_segmentation_landscape.tflite'),
  'selfie_segmentation_solution_simd_wasm_bin.js': () =>
    join(segmentation(), 'selfie_segmentation_solution_simd_wasm_bin.js'),
  'selfie_segmentation_solution_simd_wasm_bin.wasm': () =>
    join(segmentation(), 'selfie_segmentation_solution_simd_wasm_bin.wasm'),
  'human.esm.js': () => join(human(), 'dist/human.esm.js'),
  'blazeface.json': () => join(human(), 'models/blazeface.json'),
  'blazeface.bin': () => join(human(), 'models/blazeface.bin'),
  'facemesh.json': () => join(human(), 'models/facemesh.json'),
  'facemesh.bin': () => join(human(), 'models/facemesh.bin'),
  'rnnoise-worklet.js': () => join(noise(), 'rnnoise/workletProcessor.js'),
  'rnnoise_simd.wasm': () => join(noise(), 'rnnoise_simd.wasm'),
  'gtcrn-worklet.js': () => join(noise(), 'gtcrn/workletProcessor.js'),
  'gtcrn.wasm': () => join(noise(), 'gtcrn.wasm'),
}

const types: Record<string, string> = { js: 'text/javascript', json: 'application/json', wasm: 'application/wasm' }

/** Comments that send developer tools to look for source maps, which are not served. */
const withoutMap = (name: string, bytes: Buffer) =>
  name.endsWith('.js') ? Buffer.from(bytes.toString().replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')) : bytes

async function read(): Promise<ReadonlyMap<string, Buffer>> {
  const all = Object.entries(files).map(
    async ([name, place]) => [name, withoutMap(name, await readFile(place()))] as const,
  )
  return new Map(await Promise.all(all))
}

/**
 * Puts the files of effects into a folder of the app that is named by their content, and its address into
 * `import.meta.env.VITE_EFFECTS_ASSETS`. In development they are served from where they are installed.
 */
export function effectsAssets(): Plugin {
  let content: ReadonlyMap<string, Buffer> = new Map()
  let folder = ''
  return {
    name: 'effects-assets',
    async config({ base = '/' }) {
      content = await read()
      const hash = createHash('sha256')
      for (const [name, bytes] of content) hash.update(name).update(bytes)
      folder = `assets/effects-${hash.digest('hex').slice(0, 10)}`
      return { define: { 'import.meta.env.VITE_EFFECTS_ASSETS': JSON.stringify(`${base}${folder}/`) } }
    },
    generateBundle() {
      for (const [name, source] of content) this.emitFile({ type: 'asset', fileName: `${folder}/${name}`, source })
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const [path = ''] = (request.url ?? '').split('?')
        const name = path.slice(path.lastIndexOf('/') + 1)
        const bytes = path.includes(`/${folder}/`) ? content.get(name) : undefined
        if (!bytes) return next()
        response.setHeader('content-type', types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
        response.end(bytes)
      })
    },
  }
}
