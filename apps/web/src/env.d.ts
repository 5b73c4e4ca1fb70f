/// <reference types="vite/client" />
/// <reference types="vite-plugin-pwa/client" />

interface ImportMetaEnv {
  /** The folder of the files that effects fetch; see `packages/effects/vite-assets.ts`. */
  readonly VITE_EFFECTS_ASSETS: string
}
