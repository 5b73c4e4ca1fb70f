// `npm run check`: lint and format, the type programs (Node, web, tests that live in both), the package graph, dead code.
// Runs them all, and fails if one does.
import { packageGraph } from './package-graph.mjs'
import { runTool } from './steps.mjs'

const results = [
  runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  runTool('typescript/bin/tsc', ['-p', 'tsconfig.json']),
  runTool('typescript/bin/tsc', ['-p', 'tsconfig.web.json']),
  runTool('typescript/bin/tsc', ['-p', 'tsconfig.e2e.json']),
  packageGraph({ check: true }),
  runTool('knip/bin/knip.js', ['--no-progress']),
]
process.exit(results.every(Boolean) ? 0 : 1)
