import { createHmac } from 'node:crypto'
import project from '../../../package.json' with { type: 'json' }

export const version: string = project.version

/** Tells guests whether this is still the build that they know, and not which one it is: nobody makes it without the key. */
export function buildName(key: Uint8Array): string {
  return createHmac('sha256', key).update(`build ${version}`).digest('base64url').slice(0, 16)
}
