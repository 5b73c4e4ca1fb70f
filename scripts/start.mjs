// `npm start`: installs what is missing, builds what is stale, runs the server in this process.
import { build } from './build.mjs'
import { checkNode, installDependencies } from './steps.mjs'

checkNode()
installDependencies()
await build()
await import('../apps/server/bin/parley.mjs')
