// `npm run dev`: the server from its sources, restarted when they change, with Vite's dev server behind the same port.
import { checkNode, installDependencies, runTool } from './steps.mjs'

checkNode()
installDependencies()
runTool('tsx/dist/cli.mjs', ['watch', '--clear-screen=false', 'apps/server/src/main.ts', ...process.argv.slice(2)], {
  PARLEY_DEV: '1',
})
