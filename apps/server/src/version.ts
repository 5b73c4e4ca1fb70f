import { createHmac } from 'node:crypto'
import project from '../../../package.json' with { type: 'json' }

export const version: string = project.version

/** Lets guests notice that the build has changed without learning which one it is: only the key's owner can compute it. */
export function buildName(key: Uint8Array): string {
  return createHmac('sha256', key).update(`build ${version}`).digest('base64url').slice(0, 16)
}
