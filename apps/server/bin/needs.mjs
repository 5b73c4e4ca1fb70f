// Checks what Parley needs before anything of it is loaded, in JavaScript that an old Node can read.
import { readFileSync } from 'node:fs'

const leastFiles = 128

/** The one sentence that says what is missing; undefined: nothing. */
export function missingNeed(version = process.versions.node, files = mostOpenFiles()) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    return `Parley needs Node 20.19 or newer; this is v${version}. See https://nodejs.org`
  }
  if (files < leastFiles) {
    return `Parley needs to open ${leastFiles} files at least; the limit here is ${files}. Raise it: ulimit -n 65536`
  }
  return undefined
}

/** Other systems than Linux do not tell, and their limit is no trouble. */
function mostOpenFiles() {
  if (process.platform !== 'linux') return Infinity
  const [, most] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return most === undefined ? Infinity : Number(most)
}
