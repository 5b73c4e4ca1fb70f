#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { missingNeed } from './needs.mjs'

const program = new URL('../dist/parley.js', import.meta.url)
const missing = missingNeed()
if (missing !== undefined) {
  console.error(`parley: ${missing}`)
  process.exitCode = 1
} else if (existsSync(program)) {
  // “Ready in …” counts from here, so that the build that `npm start` may run does not count.
  performance.mark('parley')
  await import(program.href)
} else {
  console.error('parley: not built yet. Run `npm start` once in the project’s folder.')
  process.exitCode = 1
}
