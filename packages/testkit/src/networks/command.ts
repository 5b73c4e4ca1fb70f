import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a system command; throws with what it printed when it fails. */
export async function command(name: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(name, [...args], {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
    })
    return stdout
  } catch (error) {
    const printed = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new Error(`${name} ${args.join(' ')}: ${printed}`, { cause: error })
  }
}
