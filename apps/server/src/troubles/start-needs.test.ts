import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { missingNeed } from '../../bin/needs.mjs'
import { machineInterfaces } from '../reachability/machine.ts'
import { checkNode } from './node-version.ts'
import { checkOpenFiles } from './open-files.ts'

const bin = fileURLToPath(new URL('../../bin/parley.mjs', import.meta.url))
const start = fileURLToPath(new URL('../../../../scripts/start.mjs', import.meta.url))

/** Pretends that this Node is of another version. */
function as(version: string): string {
  return `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`
}

it.each([bin, start])('an old Node is named in one sentence, by %s', program => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', as('18.20.4'), program], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr.trim()).toMatch(
    /^(parley: )?Parley needs Node 20\.19 or newer; this is v18\.20\.4\. See https:\/\/nodejs\.org$/,
  )
})

it('64 open files are too few, and the sentence says how to have more', () => {
  const command = `ulimit -n 64; exec "${process.execPath}" "${bin}"`
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toBe(
    'parley: Parley needs to open 128 files at least; the limit here is 64. Raise it: ulimit -n 65536\n',
  )
})

it('nothing is missing on a Node that is supported', () => {
  expect(missingNeed('20.19.0', 1024)).toBeUndefined()
  expect(missingNeed('24.1.0', 1024)).toBeUndefined()
  expect(missingNeed('20.18.9', 1024)).toContain('20.19')
})

it('a Node without fixes is known by the date', () => {
  expect(checkNode('20.20.2', Date.UTC(2026, 3, 29))).toMatchObject({ result: 'good' })
  expect(checkNode('20.20.2', Date.UTC(2026, 4, 1))).toEqual({
    check: 'Node',
    result: 'note',
    detail: '20.20.2 works, but Node 20 had its last fix on 2026-04-30',
    remedy: 'Take Node 24: https://nodejs.org',
  })
  expect(checkNode('24.9.0', Date.UTC(2026, 10, 1))).toMatchObject({ result: 'good' })
  expect(checkNode('23.0.0', Date.UTC(2026, 10, 1))).toMatchObject({ result: 'note' })
})

it('open files are compared with what is configured, and counted', () => {
  expect(checkOpenFiles({ limit: 65_536, used: 60 }, 8192)).toMatchObject({ result: 'good' })
  expect(checkOpenFiles({ limit: 1024, used: 60 }, 8192)).toMatchObject({
    result: 'note',
    detail: expect.stringContaining(
      'may open 1024, enough for about 896 clients or relays; --turn-quota-total allows 8192',
    ),
    remedy: expect.stringContaining('ulimit -n 65536'),
  })
  expect(checkOpenFiles({ limit: 128, used: 120 }, 0)).toMatchObject({ result: 'bad' })
  expect(checkOpenFiles({ limit: 0, used: Number.POSITIVE_INFINITY }, 0)).toMatchObject({
    result: 'bad',
    detail: 'the limit is reached: new connections and relays are dropped unheard',
    remedy: expect.stringContaining('LimitNOFILE'),
  })
})

it('the interfaces stay known where no descriptor is left to ask for them', () => {
  const before = machineInterfaces(() => ({ eth0: [] }))
  const full = () => {
    throw Object.assign(new Error('Unknown system error 24'), { syscall: 'uv_interface_addresses' })
  }
  expect(machineInterfaces(full)).toBe(before)
})
