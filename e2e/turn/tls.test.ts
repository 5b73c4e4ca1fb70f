// coturn's client over TLS against the command, with a certificate of one's own.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run, totals } from './coturn.ts'
import { type ParleyTurn, startParleyTurn } from './parley-turn.ts'

let folder: string
let parley: ParleyTurn

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-tls-'))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  execFileSync('openssl', [...made, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const tls = ['--cert', cert, '--key', key, '--turn-tls-port', '0']
  parley = await startParleyTurn([...tls, '--turn-tcp', '--turn-allow-peer', '127.0.0.1'])
})

afterAll(async () => {
  await parley?.close()
  rmSync(folder, { recursive: true })
})

// Not with messages (-t -y): uclient takes a TLS record for one message, and loses those that follow it in the same record.
it('turnutils_uclient over TLS: relayed TCP (RFC 6062)', async () => {
  const to = ['-S', '-T', '-u', 'ann', '-w', 'secret', '-e', '127.0.0.1', '-p', String(parley.tlsPort)]
  const { output } = await run('turnutils_uclient', [
    ...to,
    '-m',
    '2',
    '-n',
    '50',
    '-z',
    '20',
    '-l',
    '400',
    '127.0.0.1',
  ])
  const { sent, received, lost } = totals(output)
  // It gives up messages that were due before its connection was there.
  expect(sent).toBeGreaterThan(50)
  expect([received, lost]).toEqual([sent, 0])
})
