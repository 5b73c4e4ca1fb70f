import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Sizes in bytes, as files count them, not as a disk rounds them up. */
export interface InstalledSize {
  /** node_modules: what runs and builds Parley, and what only develops and tests it. */
  readonly all: number
  /** Without the packages that only development and tests need. */
  readonly production: number
  /** The built server and web app. */
  readonly built: number
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly link?: boolean }>>
}

export function installedSize(root: string): InstalledSize {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile
  let all = 0
  let production = 0
  for (const [path, { dev, link }] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || link) continue
    const bytes = sizeOf(join(root, path))
    all += bytes
    if (!dev) production += bytes
  }
  return {
    all,
    production,
    built: ['server', 'web', 'lab'].reduce((sum, app) => sum + sizeOf(join(root, `apps/${app}/dist`)), 0),
  }
}

/** Bytes of all files below, but for packages inside packages, which count for themselves; 0 where there is nothing. */
function sizeOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path)
    .filter(name => name !== 'node_modules')
    .reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
