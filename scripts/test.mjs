// `npm test`: sets up what the tests need, runs everything, ends with one line.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build } from './build.mjs'
import { changedFiles, testsFor } from './changed.mjs'
import { checkNode, installDependencies, installSystemPackages, root, run, runTool } from './steps.mjs'

checkNode()
installSystemPackages(
  {
    chromium: 'chromium',
    'chromium-headless-shell': 'chromium-headless-shell',
    'firefox-esr': 'firefox-esr',
    ip: 'iproute2',
    nft: 'nftables',
    conntrack: 'conntrack',
    turnserver: 'coturn',
  },
  // Other WebRTC stacks, for Debian's own Python.
  [
    'python3-aiortc',
    'python3-gi',
    'gir1.2-gst-plugins-bad-1.0',
    'gstreamer1.0-nice',
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-bad',
  ],
)
installDependencies()

const checked = run(process.execPath, ['scripts/check.mjs'])
await build()

const folder = mkdtempSync(join(tmpdir(), 'parley-test-'))
const report = join(folder, 'report.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
const ran = runTool('vitest/vitest.mjs', ['run', ...reporters, ...selection(process.argv.slice(2))])

const { passed, failed, slowest } = read(report)
rmSync(folder, { recursive: true })
if (slowest.length > 0) console.log(`\n The slowest files, in seconds:\n\n${slowest.join('\n')}`)
if (!checked) console.error('\n The check failed: its lines are further up.')
const failures = failed + (checked ? 0 : 1) + (!ran && failed === 0 ? 1 : 0)
console.log(`\n${passed} passed, ${failures} failed`)
process.exit(failures === 0 && passed > 0 ? 0 : 1)

/** Of the arguments, `--changed[=<commit>]` is ours; all others are the test runner's. */
function selection(args) {
  const changed = args.find(arg => /^--changed(=|$)/.test(arg))
  if (changed === undefined) return args
  const tests = testsFor(changedFiles(changed.split('=')[1]))
  if (tests?.length === 0) {
    console.log('\n Nothing has changed that a test could tell.')
    process.exit(checked ? 0 : 1)
  }
  return [...args.filter(arg => arg !== changed), ...(tests ?? [])]
}

function read(file) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
    const slowest = testResults
      .map(({ name, startTime, endTime }) => ({ name: relative(root, name), seconds: (endTime - startTime) / 1000 }))
      .sort((one, other) => other.seconds - one.seconds)
      .slice(0, 20)
      .map(({ name, seconds }) => `${seconds.toFixed(0).padStart(6)}  ${name}`)
    return { passed: numPassedTests, failed: numFailedTests, slowest }
  } catch (error) {
    console.error(`\n The test runner left no report: ${error.message}`)
    return { passed: 0, failed: 1, slowest: [] }
  }
}
