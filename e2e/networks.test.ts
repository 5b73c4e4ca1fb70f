import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Host, type InsideHost, Internet, type NatKind } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/**
 * Answers each datagram with the source it saw; on `knock` first from its second address, so that this has been judged by the
 * NAT before whoever hears the answer can open the way for it.
 */
const reflector = (addresses: readonly string[]) => `
  const dgram = require('node:dgram')
  const sockets = ${JSON.stringify(addresses)}.map(address => {
    const socket = dgram.createSocket('udp4')
    socket.on('message', (message, from) => {
      const answer = () => socket.send('seen ' + from.address + ':' + from.port, from.port, from.address)
      if (message.toString() === 'knock') sockets[1].send('stranger', from.port, from.address, answer)
      else answer()
    })
    socket.bind(4000, address, () => console.log('ready'))
    return socket
  })`

/** Asks the reflector's first address, then its second, and prints what came until that answered. */
const prober = (addresses: readonly string[], patienceMs: number) => `
  const socket = require('node:dgram').createSocket('udp4')
  const heard = []
  const asking = [['knock', '${addresses[0]}'], ['hello', '${addresses[1]}']]
  const ask = () => {
    const [text, address] = asking.shift() ?? []
    if (text) socket.send(text, 4000, address)
    else end()
  }
  const end = () => { console.log(JSON.stringify(heard)); process.exit() }
  socket.on('message', (message, from) => {
    heard.push(from.address + ' ' + message)
    if (String(message).startsWith('seen')) ask()
  })
  ask()
  setTimeout(end, ${patienceMs})`

describe.skipIf(process.getuid?.() !== 0)('networks made of namespaces (needs root)', () => {
  let internet: Internet
  let server: Host
  let ann: InsideHost
  let reflecting: ChildProcess

  beforeAll(async () => {
    internet = await Internet.create()
    server = await internet.publicHost('server', 2)
    ann = await internet.natHost('ann', 'full-cone')
    const [command = '', ...args] = [...server.prefix, process.execPath, '-e', reflector(server.addresses)]
    reflecting = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    if (reflecting.stdout) await once(reflecting.stdout, 'data')
  })

  afterAll(async () => {
    reflecting?.kill()
    await internet?.close()
  })

  async function probe(kind: NatKind) {
    await ann.setNat(kind)
    const patienceMs = kind === 'udp-blocked' ? 1000 : 60_000
    const printed = await ann.run(process.execPath, '-e', prober(server.addresses, patienceMs))
    const heard = JSON.parse(printed) as string[]
    const mappings = heard.flatMap(line => line.match(/seen (.+)/)?.[1] ?? [])
    return { mappings, strangerLetIn: heard.some(line => line.endsWith('stranger')) }
  }

  it('a full cone keeps one mapping and lets strangers in', async () => {
    const { mappings, strangerLetIn } = await probe('full-cone')
    expect(mappings).toHaveLength(2)
    expect(new Set(mappings).size).toBe(1)
    expect(mappings[0]).toContain(ann.publicAddress)
    expect(strangerLetIn).toBe(true)
  })

  it('a port-restricted cone keeps one mapping and keeps strangers out', async () => {
    const { mappings, strangerLetIn } = await probe('port-restricted')
    expect(new Set(mappings).size).toBe(1)
    expect(strangerLetIn).toBe(false)
  })

  it('a symmetric NAT has a mapping for each destination', async () => {
    const { mappings, strangerLetIn } = await probe('symmetric')
    expect(new Set(mappings).size).toBe(2)
    expect(strangerLetIn).toBe(false)
  })

  it('where UDP is blocked nothing comes back', async () => {
    expect((await probe('udp-blocked')).mappings).toEqual([])
  })
})
