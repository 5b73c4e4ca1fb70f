// Writes docs/protocol.md from the tables: npx tsx packages/protocol/write-docs.ts
import { writeFileSync } from 'node:fs'
import { document } from './src/document.ts'

writeFileSync(new URL('../../docs/protocol.md', import.meta.url), document())
