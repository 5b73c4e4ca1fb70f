// `npm run bench [name …]`: runs the benches in bench/, prints their tables, writes bench/results/<name>.json.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checkNode, fail, installDependencies, installSystemPackages, root, runTool } from './steps.mjs'

checkNode()
installDependencies()
const benches = readdirSync(join(root, 'bench'))
  .filter(file => file.endsWith('.bench.ts'))
  .map(file => file.slice(0, -'.bench.ts'.length))
const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !benches.includes(name))
if (unknown.length > 0) fail(`No such bench: ${unknown.join(', ')}. There are: ${benches.join(', ')}`)

installSystemPackages({ chromium: 'chromium', turnserver: 'coturn', janus: 'janus' })
await build()
mkdirSync(join(root, 'bench/results'), { recursive: true })
const results = (wanted.length > 0 ? wanted : benches).map(name =>
  runTool('tsx/dist/cli.mjs', [`bench/${name}.bench.ts`]),
)
process.exit(results.every(Boolean) ? 0 : 1)
