// `npm start`: installs what is missing, builds what is stale, runs the server in this process.
import { build } from './build.mjs'
import { checkNode, installDependencies } from './steps.mjs'

checkNode()
installDependencies()
await build()
stopWithNpm()
await import('../apps/server/bin/parley.mjs')

/** npm passes SIGTERM to the shell between it and us, which ends without a word: being left alone is the sign. */
function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}
