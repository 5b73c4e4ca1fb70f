// `npm test`: sets up what the tests need, runs everything, ends with one line.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checkNode, installDependencies, installSystemPackages, run, runTool } from './steps.mjs'

checkNode()
installSystemPackages(
  {
    chromium: 'chromium',
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
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)]
const ran = runTool('vitest/vitest.mjs', args)

const { passed, failed } = count(report)
rmSync(folder, { recursive: true })
if (!checked) console.error('\n The check failed: its lines are further up.')
const failures = failed + (checked ? 0 : 1) + (!ran && failed === 0 ? 1 : 0)
console.log(`\n${passed} passed, ${failures} failed`)
process.exit(failures === 0 && passed > 0 ? 0 : 1)

function count(file) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch (error) {
    console.error(`\n The test runner left no report: ${error.message}`)
    return { passed: 0, failed: 1 }
  }
}
