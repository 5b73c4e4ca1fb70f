#!/usr/bin/env node
import { existsSync } from 'node:fs'

// “Ready in …” counts from here, so that `npm start` does not count its building.
performance.mark('parley')
const program = new URL('../dist/parley.js', import.meta.url)
if (existsSync(program)) {
  await import(program.href)
} else {
  console.error('parley: not built yet. Run `npm start` once in the project’s folder.')
  process.exitCode = 1
}
