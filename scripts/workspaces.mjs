// What the workspaces of the repository are, and which uses which.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './steps.mjs'

const short = name => name.replace('@parley/', '')
const ours = (dependencies = {}) =>
  Object.keys(dependencies)
    .filter(name => name.startsWith('@parley/'))
    .map(short)

/** Each with its `name` without the scope, its `folder`, what it `uses` of ours when it runs, and what its tests use (`usesInTests`). */
export function readWorkspaces(...parents) {
  return parents.flatMap(parent =>
    readdirSync(join(root, parent))
      .sort()
      .map(name => ({ folder: `${parent}/${name}`, manifest: join(root, parent, name, 'package.json') }))
      .filter(({ manifest }) => existsSync(manifest))
      .map(({ folder, manifest }) => {
        const { name, dependencies, devDependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
        return { name: short(name), folder, uses: ours(dependencies), usesInTests: ours(devDependencies) }
      }),
  )
}

/** The folders of a workspace and of all that it uses, directly or not. */
export function foldersOf(name, workspaces = readWorkspaces('packages', 'apps'), seen = new Set()) {
  if (seen.has(name)) return []
  seen.add(name)
  const { folder, uses } = workspaces.find(each => each.name === name)
  return [folder, ...uses.flatMap(used => foldersOf(used, workspaces, seen))]
}
