import { processIo } from './cli/io.ts'
import { run } from './cli/run.ts'

process.exitCode = await run(process.argv.slice(2), processIo())
// The command is finished: what is still open must not keep the process alive.
setTimeout(() => process.exit(), 500).unref()
