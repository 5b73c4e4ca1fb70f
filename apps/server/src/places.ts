import { fileURLToPath } from 'node:url'

// From src/ and from dist/, where this is bundled, alike.
const webRoot = new URL('../../web/', import.meta.url)

/** The web app's sources, for Vite. */
export const webSources = fileURLToPath(webRoot)

/** The built web app. */
export const webDist = fileURLToPath(new URL('dist/', webRoot))
