// `npm test -- --changed[=<commit>]`: which tests the changes since a commit can break, HEAD unless said otherwise.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root } from './steps.mjs'
import { readWorkspaces } from './workspaces.mjs'

/** What the tests of a folder of e2e run; those that are not here run all apps. */
const runBy = {
  'e2e/client': ['client', 'signaling', 'server', 'example-two-people'],
  'e2e/nat': ['web', 'server'],
  'e2e/sfu': ['web', 'client', 'server'],
  'e2e/turn': ['server'],
}

/** Filters for the test runner; undefined: everything. */
export function testsFor(files) {
  const code = files.filter(file => !/^(docs|bench)\/|\.md$/.test(file))
  const workspaces = readWorkspaces('packages', 'apps', 'examples')
  const nameOf = file => workspaces.find(({ folder }) => file.startsWith(`${folder}/`))?.name
  if (code.some(file => !file.startsWith('e2e/') && nameOf(file) === undefined)) return undefined
  const broken = reach(workspaces, new Set(code.map(nameOf).filter(name => name !== undefined)))
  const helpersChanged = code.some(file => file.startsWith('e2e/') && !file.endsWith('.test.ts'))
  const suites = suitesOfE2e().filter(
    file => helpersChanged || code.includes(file) || runs(file, workspaces).some(name => broken.has(name)),
  )
  return [...workspaces.filter(({ name }) => broken.has(name)).map(({ folder }) => `${folder}/`), ...suites]
}

export function changedFiles(since = 'HEAD') {
  const git = (...args) => {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
    if (status !== 0) fail(`git ${args.join(' ')} failed: ${stderr.split('\n')[0]}`)
    return stdout.split('\n').filter(line => line !== '')
  }
  return [...git('diff', '--name-only', '--no-renames', since), ...git('ls-files', '--others', '--exclude-standard')]
}

/** With whatever uses them, directly or not. */
function reach(workspaces, names) {
  const more = workspaces.filter(
    ({ name, uses, usesInTests }) => !names.has(name) && [...uses, ...usesInTests].some(used => names.has(used)),
  )
  return more.length === 0 ? names : reach(workspaces, new Set([...names, ...more.map(({ name }) => name)]))
}

function suitesOfE2e() {
  return readdirSync(join(root, 'e2e'), { recursive: true })
    .filter(name => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map(name => `e2e/${name}`)
}

function runs(file, workspaces) {
  const folder = Object.keys(runBy).find(prefix => file.startsWith(`${prefix}/`))
  const apps = workspaces.filter(each => each.folder.startsWith('apps/')).map(({ name }) => name)
  return ['testkit', ...(runBy[folder] ?? apps)]
}
