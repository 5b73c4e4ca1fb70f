import { Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import { listen } from './listen.ts'

/** A server on which every attempt to listen fails with a code; counts the attempts. */
function failing(code: string): Server & { readonly asked: number[] } {
  const server = new Server()
  const asked: number[] = []
  const fail = ({ port }: { port: number }) => {
    asked.push(port)
    queueMicrotask(() => server.emit('error', Object.assign(new Error(code), { code })))
    return server
  }
  return Object.assign(server, { asked, listen: fail })
}

const where = { host: '10.9.8.7', port: 443, flag: '--port', mayMove: true }

describe('a port that cannot be had', () => {
  it.each([
    ['EACCES', /--port 443: ports below 1024 need permission.*setcap/],
    ['EADDRNOTAVAIL', /--host 10\.9\.8\.7 is not an address of this machine/],
    ['ENOTFOUND', /--host 10\.9\.8\.7 is not known here/],
    ['EWHATEVER', /--port 443: EWHATEVER/],
  ])('%s is explained, and no other port is tried', async (code, words) => {
    const server = failing(code)
    await expect(listen(server, where)).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(words) })
    expect(server.asked).toEqual([443])
  })

  it('is looked for among the next twenty, within the range of ports', async () => {
    const many = failing('EADDRINUSE')
    await expect(listen(many, where)).rejects.toMatchObject({ message: expect.stringContaining('--port 443: another') })
    expect(many.asked).toHaveLength(21)
    const last = failing('EADDRINUSE')
    await expect(listen(last, { ...where, port: 65_530 })).rejects.toThrow()
    expect(last.asked.at(-1)).toBe(65_535)
    const fixed = failing('EADDRINUSE')
    await expect(listen(fixed, { ...where, mayMove: false })).rejects.toThrow()
    expect(fixed.asked).toEqual([443])
  })
})
