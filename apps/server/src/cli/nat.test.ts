import { lookup } from 'node:dns/promises'
import { IpAddress } from '@parley/net'
import { Encoder, Message, stun } from '@parley/stun'
import { Address, createLoop } from '@parley/udp'
import { afterEach, expect, it } from 'vitest'
import { run } from './run.ts'

async function nat(...flags: string[]) {
  let out = ''
  let err = ''
  const code = await run(['nat', ...flags], {
    out: text => {
      out += text
    },
    err: text => {
      err += text
    },
    env: {},
    cwd: '/',
    columns: undefined,
    logToTerminal: false,
    now: Date.now,
    uptimeMs: () => 0,
  })
  return { code, out, err }
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A STUN server without RFC 5780, on a loopback port; `seen`: what it claims to see. Returns `host:port`. */
function plainServer(seen?: Address, address = '127.0.0.1'): string {
  const errors: unknown[] = []
  const loop = createLoop({ onError: error => errors.push(error) })
  const encoder = new Encoder(new Uint8Array(100))
  const socket = loop.open({
    address,
    onDatagram({ bytes, start, end, from, socket }) {
      const request = Message.decode(bytes, start, end)
      const mapped = seen ?? from
      const endpoint = { address: IpAddress.from(mapped.bytes()), port: mapped.port }
      const reply = encoder.reply(request, 'success').add(stun.xorMappedAddress, endpoint).finish()
      socket.send(reply, 0, reply.length, from)
    },
  })
  loop.attach({ nextTimeout: () => Number.POSITIVE_INFINITY, handleTimeout: () => {} })
  closing.push(() => {
    loop.close()
    expect(errors).toEqual([])
  })
  return socket.local.key
}

it('says what a plain server can tell, for a person and as JSON', async () => {
  const server = plainServer()
  const { code, out, err } = await nat('--server', server)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^ {2}STUN server +127\.0\.0\.1:\d+$/m)
  expect(out).toMatch(/^ {2}Mapping +endpoint-independent$/m)
  expect(out).toMatch(/^ {2}Filtering +can’t tell: .*RFC 5780/m)
  expect(out).toContain('no address is translated')

  const json = JSON.parse((await nat('--json', '--server', server)).out)
  expect(json).toMatchObject({ server, udp: true, nat: false, classic: { value: null, why: expect.any(String) } })
  expect(json.mapped).toBe(json.local)
})

it('compares two servers', async () => {
  const seen = Address.parse('192.0.2.1', 4000)
  const servers = `${plainServer(seen)},${plainServer(Address.parse('192.0.2.1', 4001))}`
  const { code, out } = await nat('--json', '--server', servers)
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    nat: true,
    mapping: { value: 'address-and-port-dependent' },
    classic: { value: 'symmetric' },
    calls: { value: 'relay needed' },
  })
})

it('takes names', async () => {
  const { address } = await lookup('localhost')
  const server = Address.parse(address, Number(plainServer(undefined, address).split(':').at(-1)))
  const { code, out } = await nat('--server', `localhost:${server.port}`, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out).server).toBe(server.key)
})

it('ends with 1 where nothing comes back, within 10 s', async () => {
  const loop = createLoop({ onError: () => {} })
  closing.push(() => loop.close())
  const silent = loop.open({ address: '127.0.0.1', onDatagram: () => {} })
  const { code, out } = await nat('--server', silent.local.key)
  expect(code).toBe(1)
  expect(out).toMatch(/^ {2}Classic name +UDP blocked, likely$/m)
  expect(out).toContain('may also be down')
}, 10_000)

it.each([
  [[], '--server <host:port> is needed'],
  [['--server', '1.2.3.4:0'], '--server is “1.2.3.4:0”; allowed: a name or an address'],
  [['--server', 'a b'], 'allowed: a name'],
  [['--server', '[1.2.3.4]:1'], 'allowed: a name'],
  [['--server', 'a,b,c'], 'more than twice'],
  [['--servr', 'a'], 'did you mean --server?'],
])('%j ends with 2 and says why', async (flags, words) => {
  const { code, out, err } = await nat(...flags)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(words)
})

it('names a name that does not resolve', async () => {
  const { code, err } = await nat('--server', 'nowhere.invalid')
  expect(code).toBe(1)
  expect(err).toContain('nowhere.invalid')
})
