import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClassicNatKind, type Host, type InsideHost, Internet, natKinds } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parleyCommand } from './parley-on.ts'

/** `parley nat --json` on that host. */
async function parleyNat(host: Host, ...servers: readonly string[]) {
  const flags = servers.flatMap(server => ['--server', server])
  const [command = '', ...args] = [...host.prefix, process.execPath, parleyCommand, 'nat', '--json', ...flags]
  return new Promise<{ code: number | null; findings: unknown }>((resolve, reject) => {
    const child = execFile(command, args, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`parley nat printed nothing: ${stderr}`, { cause: error }))
      else resolve({ code: child.exitCode, findings: JSON.parse(stdout) })
    })
  })
}

const expected: Readonly<
  Record<ClassicNatKind, { mapping: string; filtering: string; classic: string; calls: string }>
> = {
  'full-cone': {
    mapping: 'endpoint-independent',
    filtering: 'endpoint-independent',
    classic: 'full cone',
    calls: 'direct',
  },
  'port-restricted': {
    mapping: 'endpoint-independent',
    filtering: 'address-and-port-dependent',
    classic: 'port-restricted cone',
    calls: 'direct with most',
  },
  symmetric: {
    mapping: 'address-and-port-dependent',
    filtering: 'address-and-port-dependent',
    classic: 'symmetric',
    calls: 'relay needed',
  },
  'udp-blocked': { mapping: '', filtering: '', classic: 'UDP blocked', calls: 'relay needed' },
}

/** Something was asked twice, as a busy machine does: then silence proves nothing. */
function doubtsSilence(findings: unknown): boolean {
  return JSON.stringify(findings).includes('packets are being lost here')
}

/** The command of an RFC 5780 server on these addresses, ports 3478 and 3479. */
const servers: Readonly<Record<string, (addresses: readonly string[], folder: string) => readonly string[]>> = {
  ours: ([one = '', other = ''], folder) => [
    ...[process.execPath, parleyCommand, 'turn', '--data-dir', folder, '--udp-port', '3478'],
    ...['--host', one, '--stun-alternate', other, '--log-level', 'warn'],
  ],
  coturn: (addresses, folder) => [
    ...['turnserver', '-n', '--no-cli', '--no-tls', '--no-dtls', '--no-auth', '--log-file', 'stdout'],
    ...['--pidfile', join(folder, 'pid'), '--userdb', join(folder, 'db')],
    ...addresses.flatMap(address => ['-L', address]),
  ],
}

const isRoot = process.getuid?.() === 0

describe.skipIf(!isRoot).each(Object.keys(servers))(
  'parley nat behind real NATs (needs root), asking %s',
  kindOfServer => {
    let internet: Internet
    let server: Host
    let visitor: Host
    let behind: Readonly<Record<ClassicNatKind, InsideHost>>
    let folder: string
    let running: ChildProcess

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parley-discovery-'))
      internet = await Internet.create()
      server = await internet.publicHost('server', 2)
      visitor = await internet.publicHost('visitor')
      behind = {
        'full-cone': await internet.natHost('full', 'full-cone'),
        'port-restricted': await internet.natHost('port', 'port-restricted'),
        symmetric: await internet.natHost('symm', 'symmetric'),
        'udp-blocked': await internet.natHost('none', 'udp-blocked'),
      }
      const words = servers[kindOfServer]?.(server.addresses, folder) ?? []
      const [command = '', ...args] = [...server.prefix, ...words]
      running = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
      // Neither says that it listens: the first answer does.
      while ((await parleyNat(visitor, first())).code !== 0) expect(running.exitCode).toBeNull()
    })

    afterAll(async () => {
      if (running?.kill()) await once(running, 'exit')
      await internet?.close()
      await rm(folder, { recursive: true, force: true })
    })

    const first = () => `${server.addresses[0]}:3478`
    const plain = () => `${server.addresses[1]}:3478`

    it.concurrent.each(natKinds)('names a %s NAT', async kind => {
      const host = behind[kind]
      const { code, findings } = await parleyNat(host, first())
      const { mapping, filtering, classic, calls } = expected[kind]
      expect(findings).toMatchObject({
        server: first(),
        udp: kind !== 'udp-blocked',
        nat: kind === 'udp-blocked' ? null : true,
        mapping: { value: mapping || null },
        filtering: { value: filtering || null },
        classic: { value: classic, sure: kind === 'udp-blocked' || doubtsSilence(findings) ? 'likely' : 'certain' },
        calls: { value: calls },
      })
      if (kind !== 'udp-blocked') {
        expect(findings).toMatchObject({
          local: expect.stringContaining(`${host.addresses[0]}:`),
          mapped: expect.stringContaining(`${host.publicAddress}:`),
          hairpinning: { value: false },
        })
      }
      expect(code).toBe(kind === 'udp-blocked' ? 1 : 0)
    })

    it.concurrent('names a public address open', async () => {
      const { code, findings } = await parleyNat(visitor, first())
      expect(code).toBe(0)
      expect(findings).toMatchObject({
        nat: false,
        classic: { value: 'open', sure: 'certain' },
        calls: { value: 'direct' },
      })
    })

    it.concurrent('agrees with coturn’s client', async () => {
      const printed = await behind['port-restricted'].run(
        'turnutils_natdiscovery',
        '-m',
        '-f',
        '-p',
        '3478',
        server.addresses[0] ?? '',
      )
      expect(printed).toContain('NAT with Endpoint Independent Mapping')
      expect(printed).toContain('NAT with Address and Port Dependent Filtering')
    })

    it.concurrent('takes a second server beside the first', async () => {
      const { findings } = await parleyNat(behind.symmetric, first(), plain())
      expect(findings).toMatchObject({ classic: { value: 'symmetric' } })
    })
  },
)
