import { fileURLToPath } from 'node:url'

// Right from src/ as well as from dist/, where this is bundled.
const webRoot = new URL('../../web/', import.meta.url)

/** The web app's sources, for Vite. */
export const webSources = fileURLToPath(webRoot)

/** The built web app. */
export const webDist = fileURLToPath(new URL('dist/', webRoot))
