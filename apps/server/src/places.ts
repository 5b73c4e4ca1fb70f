import { fileURLToPath } from 'node:url'

// Right from src/ as well as from dist/, where this is bundled.
const apps = new URL('../../', import.meta.url)
const folder = (path: string) => fileURLToPath(new URL(path, apps))

/** A folder for each of the two apps that browsers run: the meeting, and the Lab below `/lab`. */
export interface WebApps {
  readonly meeting: string
  readonly lab: string
}

/** Their sources, for Vite. */
export const webSources: WebApps = { meeting: folder('web/'), lab: folder('lab/') }

/** Built. */
export const webDist: WebApps = { meeting: folder('web/dist/'), lab: folder('lab/dist/') }
