import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { remote, startEdge, whipPort } from '@parley/edge'
import { Encoder, Message, stun, transportProtocols } from '@parley/stun'
import { discoverNat, makeCredential, proxyHeader } from '@parley/turn'
import { Address } from '@parley/udp'
import { afterEach, describe, expect, it } from 'vitest'
import { Endpoint, MappedIp } from '../config/addresses.ts'
import { defaults } from '../config/options.ts'
import { tcpChannel, udpChannel } from '../doctor/channels.ts'
import { TurnClient } from '../doctor/turn-client.ts'
import { silentLog } from '../log/log.ts'
import { surroundings } from '../reachability/surroundings.ts'
import { startTestServer } from '../testing.ts'
import { edgeAddresses, edgeConfig } from './edge-config.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const secret = 'a secret of this test'
const offer = readFileSync(
  new URL('../../../../packages/sfu/testdata/chromium-audio-video.offer.sdp', import.meta.url),
  'utf8',
)

/** A server with these options; returns the port of STUN and TURN. */
async function start(options: Parameters<typeof startTestServer>[0]): Promise<number> {
  const server = await startTestServer({ udpPort: 0, turnSecret: [secret], ...options })
  open.push(server)
  if (!server.edge) throw new Error('no edge')
  return server.edge.port
}

async function client(way: typeof udpChannel, port: number): Promise<TurnClient> {
  const made = new TurnClient(await way('127.0.0.1', port), makeCredential([secret], 'ann', 60, Date.now()))
  open.push(made)
  return made
}

function connected(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => socket.destroy())
  open.push({ close: () => socket.destroy() })
  return socket
}

/** What a Binding request behind these bytes is answered with: an address, or that the connection ends. */
async function bindingBehind(port: number, header: Uint8Array): Promise<string> {
  const socket = connected(port)
  const request = new Encoder(new Uint8Array(100)).message('request', 'binding').finish()
  socket.write(Buffer.concat([header, request]))
  const [answer] = await Promise.race([
    new Promise<[Buffer]>(resolve => socket.once('data', data => resolve([data]))),
    new Promise<[]>(resolve => socket.once('close', () => resolve([]))),
  ])
  return answer ? String(Message.decode(answer).get(stun.xorMappedAddress)?.address) : 'closed'
}

describe.skipIf(process.platform !== 'linux')('--stun-alternate', () => {
  it('discovers NATs, beside everything else', async () => {
    const at = await start({ stunAlternate: new Endpoint('127.0.0.2', undefined) })
    const findings = await discoverNat({ server: Address.parse('127.0.0.1', at) })
    expect(findings).toMatchObject({
      nat: false,
      filtering: { value: 'endpoint-independent', sure: 'certain' },
      classic: { value: 'open' },
    })
    await (await client(udpChannel, at)).allocate()
    await (await client(tcpChannel, at)).allocate()
  })

  it('is not there without', async () => {
    const findings = await discoverNat({ server: Address.parse('127.0.0.1', await start({})) })
    expect(findings).toMatchObject({ filtering: { why: 'no-second-address' } })
  })
})

describe('--turn-proxy-protocol', () => {
  const header = proxyHeader({ from: Address.parse('203.0.113.9', 5), to: Address.parse('127.0.0.1', 1) })
  const local = header.slice(0, 16)
  local.set([0x20, 0, 0, 0], 12)

  it('believes the proxies that it names, and wants a header of them', async () => {
    const port = await start({ turnProxyProtocol: ['127.0.0.0/8'] })
    expect(await bindingBehind(port, header)).toBe('203.0.113.9')
    expect(await bindingBehind(port, local)).toBe('127.0.0.1')
    expect(await bindingBehind(port, new Uint8Array())).toBe('closed')
  })

  it('believes nobody else', async () => {
    const port = await start({ turnProxyProtocol: ['10.0.0.0/8'] })
    expect(await bindingBehind(port, header)).toBe('closed')
    expect(await bindingBehind(port, new Uint8Array())).toBe('127.0.0.1')
  })
})

it('--turn-alternate-server sends clients away', async () => {
  const port = await start({ turnAlternateServer: [new Endpoint('192.0.2.1', 3478)] })
  for (const way of [udpChannel, tcpChannel]) {
    await expect((await client(way, port)).allocate()).rejects.toMatchObject({ code: 300 })
  }
})

it('--nat-ip announces the public address', async () => {
  const port = await start({ natIp: [new MappedIp('192.0.2.9', '127.0.0.1')] })
  expect(`${(await (await client(udpChannel, port)).allocate()).address}`).toBe('192.0.2.9')
})

it('--turn-quota-user counts UDP and TCP together', async () => {
  const port = await start({ turnQuotaUser: 2 })
  const [one, two, three] = [
    await client(udpChannel, port),
    await client(tcpChannel, port),
    await client(udpChannel, port),
  ]
  await one.allocate()
  await two.allocate()
  await expect(three.allocate()).rejects.toMatchObject({ code: 486 })
  await one.release()
  await three.allocate()
})

it('--turn-quota-source counts whoever comes from there, over UDP and TCP', async () => {
  const port = await start({ turnQuotaSource: 2 })
  const clients: TurnClient[] = []
  for (const [i, way] of [udpChannel, tcpChannel, udpChannel].entries()) {
    const made = new TurnClient(await way('127.0.0.1', port), makeCredential([secret], `guest-${i}`, 60, Date.now()))
    open.push(made)
    clients.push(made)
  }
  await clients[0]?.allocate()
  await clients[1]?.allocate()
  await expect(clients[2]?.allocate()).rejects.toMatchObject({ code: 486 })
  await clients[0]?.release()
  await clients[2]?.allocate()
})

it('relays TCP with --turn-tcp alone', async () => {
  const { tcp } = transportProtocols
  const off = await start({})
  for (const way of [udpChannel, tcpChannel]) {
    await expect((await client(way, off)).allocate(tcp)).rejects.toMatchObject({ code: 442 })
  }
  expect(await (await client(tcpChannel, await start({ turnTcp: true }))).allocate(tcp)).toBeDefined()
  const config = { ...defaults, host: '127.0.0.1', turnTcp: true }
  const settings = { secrets: [secret], port: 0, mayMove: false, handover: undefined, media: false }
  expect(edgeConfig(config, surroundings(config), settings).tcpPeerPorts).toEqual([
    [443, 443],
    [1024, 65_535],
  ])
})

it('takes only so many connections of one source that have no allocation', async () => {
  const port = await start({})
  const holder = await client(tcpChannel, port)
  await holder.allocate()
  const sockets: Socket[] = []
  for (let i = 0; i < 512; i++) {
    const socket = connected(port)
    await new Promise(resolve => socket.once('connect', resolve))
    sockets.push(socket)
  }
  expect(await bindingBehind(port, new Uint8Array())).toBe('closed')
  sockets[0]?.destroy()
  await expect.poll(() => bindingBehind(port, new Uint8Array())).toBe('127.0.0.1')
})

it.runIf(process.platform === 'linux')('media is found at the new addresses of the machine', async () => {
  const settings = { secrets: [secret], port: 0, mayMove: false, handover: undefined, media: true }
  const config = { ...defaults, host: '0.0.0.0' }
  let addresses = ['192.0.2.7']
  const around = () => surroundings(config, { addresses, local: addresses })
  const edge = await startEdge({
    config: edgeConfig(config, around(), settings),
    addresses: { read: () => edgeAddresses(around()), everyMs: 5 },
    log: silentLog(),
    backOffMs: 1,
  })
  const whip = remote(whipPort, () => edge.mailbox)
  open.push({ close: () => edge.stop() })
  const announced = async (id: string) => {
    const { sdp } = await whip.publish('room', id, offer)
    return /^a=candidate:\S+ 1 udp \d+ (\S+)/im.exec(sdp)?.[1]
  }
  expect(await announced('first')).toBe('192.0.2.7')
  addresses = ['192.0.2.8']
  let people = 0
  await expect.poll(() => announced(`${++people}`)).toBe('192.0.2.8')
})

it('learns that the addresses of the machine have changed, and still knows when it is started again', async () => {
  let announce = '192.0.2.7'
  const config = { ...defaults, host: '127.0.0.1' }
  const around = surroundings(config, { addresses: [], local: ['127.0.0.1'] })
  const settings = { secrets: [secret], port: 0, mayMove: false, handover: undefined, media: false }
  const edge = await startEdge({
    config: edgeConfig(config, around, settings),
    addresses: {
      read: () => ({ relays: [{ bind: '127.0.0.1', announce }], own: ['127.0.0.1'], mediaAddresses: [] }),
      everyMs: 5,
    },
    log: silentLog(),
    backOffMs: 1,
  })
  open.push({ close: () => edge.stop() })
  const announced = (way: typeof udpChannel) => async () =>
    `${(await (await client(way, edge.port)).allocate()).address}`
  await expect.poll(announced(udpChannel)).toBe('192.0.2.7')
  announce = '192.0.2.8'
  await expect.poll(announced(udpChannel)).toBe('192.0.2.8')
  await expect.poll(announced(tcpChannel)).toBe('192.0.2.8')
  process.kill(edge.pid ?? 0, 'SIGKILL')
  await expect.poll(() => edge.restarts).toBe(1)
  await expect.poll(() => edge.state.is).toBe('serving')
  expect(await announced(udpChannel)()).toBe('192.0.2.8')
})
