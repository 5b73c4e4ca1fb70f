import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../../testdata/', import.meta.url)

/** The names of the descriptions in `testdata`, such as `chromium-simulcast.offer`. */
export const descriptionNames: readonly string[] = readdirSync(folder)
  .filter(name => name.endsWith('.sdp'))
  .map(name => name.slice(0, -'.sdp'.length))
  .sort()

export function readDescription(name: string): string {
  return readFileSync(new URL(`${name}.sdp`, folder), 'utf8')
}
