import { once } from 'node:events'
import { connect } from 'node:net'
import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import { newIceCredentials } from '@parley/sfu'
import { makeCheck } from '@parley/sfu/testing'
import type { End } from '../sfu/sdp.ts'
import { WireClient } from '../signaling/wire-client.ts'
import type { SoakServer } from './server.ts'

const fingerprint = fingerprintOf()

/** Somebody who asks for a picture by HTTP and never connects. */
export async function neverConnects(server: SoakServer, room: number): Promise<void> {
  await server.play(room, newEnd())
}

/** Somebody who comes by ICE-TCP, sends one check, and leaves without a handshake or a goodbye. */
export async function goesAfterACheck(server: SoakServer, room: number): Promise<void> {
  const end = newEnd()
  const remote = await server.play(room, end)
  const check = makeCheck({ local: end.ice, remote: remote.ice })
  const socket = connect(remote.port, remote.host)
  await once(socket, 'connect')
  // Framed as RFC 4571 §2 wants it.
  socket.write(Buffer.concat([Buffer.from([check.length >> 8, check.length & 0xff]), check]))
  await once(socket, 'data')
  socket.destroy()
}

/** One person calls another, who declines, or accepts and hangs up. */
export async function call(server: SoakServer, manner: 'accepted' | 'declined'): Promise<void> {
  const url = `wss://localhost:${server.port}`
  const [caller, callee] = await Promise.all(
    ['Caller', 'Callee'].map(name => WireClient.open(url, { name }, server.ca)),
  )
  if (!caller || !callee) return
  const ask = (who: WireClient, name: string, payload: object) =>
    new Promise(answered => who.request(name, payload, answered))
  const to = /"identity":"([^"]+)"/.exec(callee.welcome)?.[1]
  await ask(callee, 'presence.set', { status: 'available' })
  const id = `soak-${performance.now().toString().replace('.', '-')}`
  const rings = new Promise<void>(resolve => {
    callee.onEvent = packet => packet.startsWith('42["call"') && resolve()
  })
  await ask(caller, 'call.invite', { call: id, to, media: 'audio' })
  await rings
  if (manner === 'declined') await ask(callee, 'call.reject', { call: id })
  else {
    await ask(callee, 'call.accept', { call: id, media: 'audio' })
    await ask(caller, 'call.hangup', { call: id })
  }
  for (const person of [caller, callee]) person.close()
}

function newEnd(): End {
  return { ice: newIceCredentials(), fingerprint }
}

function fingerprintOf(): End['fingerprint'] {
  const context = new DtlsContext(makeDtlsCertificate())
  const { fingerprint } = context
  context.close()
  return fingerprint
}
