import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { Failure } from '../../failure.ts'
import { type Loaded, loadConfig } from '../load.ts'

/** Reads options as a server would that is started in an empty folder; each test has a folder of its own. */
export function configFolder() {
  let cwd: string
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'parley-config-'))
  })
  afterEach(() => rmSync(cwd, { recursive: true }))

  function load(argv: string[] = [], env: Record<string, string> = {}): Loaded {
    return loadConfig({ argv, env, cwd })
  }

  /** The message for options that are refused. */
  function problem(argv: string[], env: Record<string, string> = {}): string {
    try {
      load(argv, env)
    } catch (error) {
      if (error instanceof Failure && error.exitCode === 2) return error.message
      throw error
    }
    throw new Error('was accepted')
  }

  return {
    get cwd() {
      return cwd
    },
    load,
    problem,
  }
}
