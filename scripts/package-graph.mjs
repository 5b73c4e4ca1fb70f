// `npm run graph`: writes the graph of our packages into docs/ARCHITECTURE.md; `check` only says whether it is true.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './steps.mjs'
import { readWorkspaces } from './workspaces.mjs'

const file = join(root, 'docs/ARCHITECTURE.md')
const block = /(<!-- graph -->\n)[\s\S]*?(<!-- \/graph -->)/

/** Returns false, and says why, when there is a cycle or (with `check`) the document is not up to date. */
export function packageGraph({ check }) {
  const graph = readGraph()
  const cycle = findCycle(graph)
  if (cycle) return complain(`Package cycle: ${cycle.join(' → ')}`)
  const before = readFileSync(file, 'utf8')
  if (!block.test(before)) return complain('docs/ARCHITECTURE.md has lost its <!-- graph --> block.')
  const after = before.replace(block, (_, open, close) => `${open}${draw(graph)}${close}`)
  if (after === before) return true
  if (check) return complain('docs/ARCHITECTURE.md does not show the package graph of today: npm run graph')
  writeFileSync(file, after)
  return true
}

function complain(sentence) {
  console.error(sentence)
  return false
}

function readGraph() {
  return new Map(readWorkspaces('packages', 'apps').map(({ name, uses }) => [name, uses]))
}

function draw(graph) {
  const width = Math.max(...[...graph.keys()].map(name => name.length))
  const lines = [...graph].map(([name, uses]) => `${name.padEnd(width)}  → ${uses.join(', ') || '(nothing of ours)'}`)
  return ['```', ...lines, '```', ''].join('\n')
}

function findCycle(graph, path = []) {
  const next = path.length === 0 ? [...graph.keys()] : (graph.get(path.at(-1)) ?? [])
  for (const name of next) {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    const cycle = findCycle(graph, [...path, name])
    if (cycle) return cycle
  }
  return undefined
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href && !packageGraph({ check: false })) process.exit(1)
