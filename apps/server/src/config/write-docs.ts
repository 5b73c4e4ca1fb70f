import { writeFileSync } from 'node:fs'
import { configurationDocument } from './describe.ts'
import { serverOptions } from './options.ts'

writeFileSync(new URL('../../../../docs/configuration.md', import.meta.url), configurationDocument(serverOptions))
