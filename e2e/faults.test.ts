// Faults that an operator makes or meets, each planted in a server of its own: what the terminal, `parley doctor` and the Lab
// say about cause and remedy.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fewFrames, Internet, launchBrowser, openContext } from '@parley/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parleyCommand } from './nat/parley-on.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Running {
  readonly port: number
  readonly dataDir: string
  readonly pid: number
  /** Everything it printed so far, on both streams. */
  output(): string
  /** What `parley doctor` prints, asked where the server runs. */
  doctor(): Promise<string>
}

/** Options with a value that the doctor does not know. */
const serverOnly: ReadonlySet<string> = new Set(['--udp-port', '--turn-allow-peer'])

/** Everything that a command prints, whatever its exit code. */
function printed(command: string, args: readonly string[]): Promise<string> {
  return new Promise(resolve => execFile(command, [...args], (_, out, err) => resolve(out + err)))
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'parley-fault-'))
  closing.push(() => rm(made, { recursive: true, force: true }))
  return made
}

/** Starts the built server behind the words of `prefix`; resolves when it is ready. */
async function start(flags: readonly string[], prefix: readonly string[] = [], dataDir?: string): Promise<Running> {
  const data = dataDir ?? (await folder())
  const own = ['--http-port', 'off', '--data-dir', data, ...flags]
  const [command = '', ...args] = [...prefix, process.execPath, parleyCommand]
  const child: ChildProcess = spawn(command, [...args, '--port', '0', ...own], { stdio: ['ignore', 'pipe', 'pipe'] })
  closing.push(async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
  })
  let output = ''
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      const [, found] = /https:\/\/localhost:(\d+)\/lab/.exec(output) ?? []
      if (found) resolve(Number(found))
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', code => reject(new Error(`parley ended with ${code}:\n${output}`)))
  })
  return {
    port,
    dataDir: data,
    pid: child.pid ?? 0,
    output: () => output,
    doctor: () => {
      const known = own.slice(2).filter((word, i, all) => !serverOnly.has(word) && !serverOnly.has(all[i - 1] ?? ''))
      return printed(command, [...args, 'doctor', '--port', String(port), ...known])
    },
  }
}

describe('on a network of its own', () => {
  let internet: Internet
  beforeAll(async () => {
    internet = await Internet.create()
  })
  afterAll(() => internet.close())

  it('a public address that nobody has', async () => {
    const host = await internet.publicHost('address')
    const server = await start(['--public-ip', '203.0.113.99'], host.prefix)
    const words =
      /! public address 203\.0\.113\.99: no interface of this machine has it, and nobody answers there.* Is --public-ip right\? .*forward tcp\/\d+, udp\/3478 to this machine/
    expect(server.output()).toMatch(words)
    const said = await server.doctor()
    expect(said).toMatch(/✗ public address 203\.0\.113\.99: no interface.*\n +Is --public-ip right\?/)
    const info = await host.run('curl', '-sk', `https://127.0.0.1:${server.port}/api/info`)
    expect(JSON.parse(info)).toMatchObject({ troubles: ['public-address'] })
  })

  it('a name that points elsewhere', async () => {
    const host = await internet.publicHost('name')
    const folder = `/etc/netns/${host.namespace}`
    await mkdir(folder, { recursive: true })
    closing.push(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'hosts'), '127.0.0.1 localhost\n203.0.113.88 meet.example.org\n')
    const [address = ''] = host.addresses
    const server = await start(['--domain', 'meet.example.org', '--public-ip', address], host.prefix)
    expect(server.output()).toContain(
      `! name meet.example.org: DNS says 203.0.113.88, which is not this server. Change its A record (AAAA for IPv6) to ${address}`,
    )
    expect(await server.doctor()).toContain('✗ name meet.example.org: DNS says 203.0.113.88')
  })

  it('UDP that does not come in', async () => {
    const host = await internet.publicHost('blocked')
    const guest = await internet.publicHost('guest')
    const rules = 'table inet fw {\n chain input {\n type filter hook input priority 0\n udp dport 3478 drop\n }\n}\n'
    const file = join(await folder(), 'rules.nft')
    await writeFile(file, rules)
    await host.run('nft', '-f', file)
    const [address = ''] = host.addresses
    const server = await start(['--public-ip', address], host.prefix)
    // A STUN binding request, as a browser sends it by each way that it is offered.
    const request = `Buffer.from('000100002112a442${'ab'.repeat(12)}', 'hex')`
    const byTcp = `const s = require('net').connect(3478, '${address}', () => s.write(${request})); s.once('data', () => process.exit())`
    await guest.run(process.execPath, '-e', byTcp)
    await expect
      .poll(server.output)
      .toMatch(
        /UDP from outside: 1 connection came by TCP or TLS from other machines, but not one datagram.* Let the firewall of this machine and that of its provider \(security group\) pass udp\/3478 in/,
      )
    expect(await server.doctor()).toContain('✗ UDP from outside: 1 connection came by TCP or TLS')
    await host.run('nft', 'flush', 'ruleset')
    const byUdp = `const s = require('dgram').createSocket('udp4'); s.send(${request}, 3478, '${address}'); s.once('message', () => process.exit())`
    await guest.run(process.execPath, '-e', byUdp)
    await expect.poll(server.output).toContain('UDP from outside: well again')
  })
})

describe('as a guest finds them, in the Lab', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser({ args: [fewFrames, '--ignore-certificate-errors'] })
  })
  afterAll(() => browser.close())

  const anyPeer = ['--udp-port', '0', '--turn-allow-peer', 'loopback', '--turn-allow-peer', '0.0.0.0/0']

  /** Runs the checks of the page from there that look at the server; resolves with what one finding says, once it is there. */
  async function said(url: string, finding: string): Promise<string | null> {
    const { context } = await openContext(browser, url, { locale: 'en-US', serviceWorkers: 'block' })
    closing.push(() => context.close())
    const page = await context.newPage()
    const settings = new URLSearchParams({ seconds: '1', without: '["devices","nat","data-channel"]' })
    await page.goto(`${url}/lab/checks#${settings}`)
    await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('[data-verdict=warn], [data-verdict=fail]').waitFor()
    // A way that does not work would be another fault, of ours.
    expect(await page.locator('[data-finding^=call-][data-finding$=failed]').count()).toBe(0)
    return page.locator(`[data-finding=${finding}]`).first().textContent()
  }

  it.each(['refuses', 'does not answer'])('a reverse proxy that %s upgrades', async how => {
    const server = await start(['--trust-proxy', ...anyPeer])
    const port = await listening(proxyTo(server, how === 'refuses'))
    const finding = how === 'refuses' ? 'websocket-refused' : 'websocket-unanswered'
    expect(await said(`http://localhost:${port}`, finding)).toMatch(
      /WebSockets do not pass: .*A reverse proxy has to pass the headers Upgrade and Connection on/,
    )
    const words =
      /WebSockets: 1 guest went on by polling, none by WebSocket: the reverse proxy does not let WebSockets pass.*Let the reverse proxy pass upgrades\. nginx: proxy_http_version 1\.1/s
    await expect.poll(server.output).toMatch(words)
    // That the doctor itself gets a WebSocket, going round the proxy, heals nothing.
    for (let times = 0; times < 2; times++) expect(await server.doctor()).toMatch(words)
  })

  it('a public address that nobody has', async () => {
    const server = await start(['--public-ip', '203.0.113.99', ...anyPeer])
    expect(await said(`https://localhost:${server.port}`, 'public-address')).toMatch(
      /gives out 203\.0\.113\.99 as its own address, but nobody answers there from here.* check --public-ip/s,
    )
  })

  it('a server whose clock is an hour behind', async () => {
    const behind = `const now = Date.now; globalThis.Date = class extends Date {
      constructor(...at) { super(...(at.length ? at : [now() - 3600000])) }
      static now() { return now() - 3600000 }
    }`
    const shift = `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(behind)}`
    const server = await start(anyPeer, ['env', shift])
    expect(await said(`https://localhost:${server.port}`, 'clock-ahead')).toMatch(
      /This computer’s clock is 60 min ahead of the server’s\..*Set whichever is wrong/s,
    )
    const words =
      /clock beside those of guests: a guest’s clock is 60 min ahead of this one.*If not, set that of this machine/s
    await expect.poll(server.output).toMatch(words)
    expect(await server.doctor()).toMatch(words)
  })
})

/** A reverse proxy that refuses upgrades, or never answers them. */
function proxyTo({ port }: Pick<Running, 'port'>, refuses: boolean): Server {
  const proxy = createServer((ask, answer) => {
    const headers = { ...ask.headers, 'x-forwarded-for': '198.51.100.7' }
    const passed = request(
      { host: '127.0.0.1', port, rejectUnauthorized: false, path: ask.url, method: ask.method, headers },
      came => {
        answer.writeHead(came.statusCode ?? 502, came.headers)
        came.pipe(answer)
      },
    )
    passed.on('error', () => answer.destroy())
    ask.pipe(passed)
  })
  return proxy.on('upgrade', (_, socket) => {
    if (refuses) socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
  })
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A disk of so many KiB that only the process behind these words sees, mounted at `at`. */
function smallDisk(at: string, kib: number): readonly string[] {
  return ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o size=${kib}k none ${at} && exec "$@"`, 'sh']
}

describe('a full disk', () => {
  it('at the start', async () => {
    const data = await folder()
    await expect(start([], smallDisk(data, 4), data)).rejects.toThrow(
      /cannot be written: the disk is full\. Make room on it \(df -h shows how full each is\), or choose another --data-dir/,
    )
  })

  it('while the server runs', async () => {
    const data = await folder()
    const server = await start(['--udp-port', 'off'], smallDisk(data, 256), data)
    await writeFile(`/proc/${server.pid}/root${data}/fill`, Buffer.alloc(150 * 1024))
    const full = () => writeFile(`/proc/${server.pid}/root${data}/more`, Buffer.alloc(256 * 1024))
    await expect(full()).rejects.toMatchObject({ code: 'ENOSPC' })
    await expect.poll(server.output).toMatch(/data folder: .* cannot be written: the disk is full\. Make room on it/)
  })
})

it('a media process that is killed three times', async () => {
  const server = await start(['--udp-port', '0', '--host', '127.0.0.1'])
  const children = () => printed('pgrep', ['-P', String(server.pid)])
  for (let ends = 1; ends <= 3; ends++) {
    const [pid] = (await children()).trim().split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await expect.poll(async () => server.output().match(/STUN and TURN are served/g)?.length).toBe(ends + 1)
  }
  await expect
    .poll(server.output)
    .toMatch(
      /media process: it ended 3 times in ten minutes, the last time by SIGKILL.*dmesg.* send the log of the last ten minutes and `parley doctor --json`/,
    )
  expect(await server.doctor()).toMatch(/✗ media process: it ended 3 times in ten minutes/)
})

it('128 open files and 150 clients', async () => {
  const limited = ['sh', '-c', 'ulimit -n 128; exec "$@"', 'sh']
  const server = await start(['--udp-port', '0', '--host', '127.0.0.1'], limited)
  expect(server.output()).toMatch(
    /! open files: a process may open 128, .*--turn-quota-total allows 8192 relays\. Raise the limit: `ulimit -n 65536`/,
  )
  const clients = Array.from({ length: 150 }, () => {
    const client = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false })
    // Those beyond the limit are dropped: that is the fault.
    return client
      .on('error', () => client.destroy())
      .once('secureConnect', () => client.write('GET /healthz HTTP/1.1\r\n'))
  })
  closing.push(() => {
    for (const client of clients) client.destroy()
  })
  await expect
    .poll(server.output)
    .toMatch(/open files: (the limit is reached|\d+ of the 128).* Raise the limit: `ulimit -n 65536`/)
})
