// The steps that the commands are made of: plain Node, since they run before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingNeed } from '../apps/server/bin/needs.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Ends the process with one clear sentence. */
export function fail(message) {
  console.error(`\n ${message}\n`)
  process.exit(1)
}

/** Runs a command in the project's root; its output is ours. Returns whether it succeeded. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  return result.status === 0
}

/** Runs a script of one of the installed packages with this very Node. */
export function runTool(packageFile, args, env) {
  return run(process.execPath, [join(root, 'node_modules', packageFile), ...args], env)
}

/** Ends where this machine lacks what everything needs. */
export function checkNode() {
  const missing = missingNeed()
  if (missing !== undefined) fail(missing)
}

/** Installs what package-lock.json names, when it is missing or the lockfile has changed since. */
export function installDependencies() {
  const stampFile = join(root, 'node_modules', '.parley-installed')
  const stamp = digest(['package-lock.json'])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.log(' Installing dependencies (this once, about a minute) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const installed = npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args])
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
  if (!installed)
    fail('The dependencies could not be installed. Is the npm registry reachable? The lines above say more.')
  writeFileSync(stampFile, stamp)
}

/** Builds what is stale: `build` runs when the sources differ from those of the last build that succeeded. */
export async function buildWhenStale({ name, sources, output, build }) {
  const stampFile = join(root, output, '.built-from')
  const stamp = digest(sources)
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.log(` Building ${name} …`)
  rmSync(stampFile, { force: true })
  await build()
  mkdirSync(join(root, output), { recursive: true })
  writeFileSync(stampFile, stamp)
}

/**
 * Installs Debian packages that are missing, as root; otherwise ends with the command to type. `commands` maps a command to
 * the package that brings it, whose own copy from elsewhere is as good; `libraries` are packages that bring none.
 */
export function installSystemPackages(commands, libraries = []) {
  const missing = [
    ...Object.entries(commands).filter(([command]) => !findCommand(command)),
    // What dpkg has installed has its licence here (Debian Policy §12.5).
    ...libraries.filter(name => !existsSync(`/usr/share/doc/${name}/copyright`)).map(name => [name, name]),
  ]
  if (missing.length === 0) return
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ')
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages}`
  if (process.getuid?.() !== 0 || !findCommand('apt-get')) {
    fail(`The tests need ${missing.map(([name]) => name).join(', ')}. Please run:\n\n   sudo sh -c '${command}'`)
  }
  console.log(` Installing ${packages} …`)
  const quiet = command.replaceAll('apt-get', 'apt-get -qq')
  if (!run('sh', ['-c', quiet], { DEBIAN_FRONTEND: 'noninteractive' })) fail(`This failed: ${command}`)
}

function findCommand(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some(folder => existsSync(join(folder, name)))
}

/** A digest of files and of everything below folders that a build could depend on; paths are relative to the root. */
function digest(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths.flatMap(filesBelow))
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

function filesBelow(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false })
  if (!stat) return []
  if (!stat.isDirectory()) return [path]
  return readdirSync(join(root, path))
    .filter(name => !['dist', 'node_modules', 'testdata'].includes(name) && !/\.(test|bench)\.tsx?$|\.md$/.test(name))
    .sort()
    .flatMap(name => filesBelow(`${path}/${name}`))
}
