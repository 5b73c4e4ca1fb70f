import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { expectToSeeAndHear, openStage, type Stage } from '../harness/stage.ts'

let stage: Stage
let ca: Buffer
beforeAll(async () => {
  stage = await openStage()
  ca = await readFile(join(stage.parley.dataDir, 'authority.crt'))
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = stage.parley
    const asking = request({ host: 'localhost', port, path, method, ca, headers }, async answer => {
      const chunks = await answer.toArray()
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

const sdp = { 'content-type': 'application/sdp' }
const fragment = 'application/trickle-ice-sdpfrag'

/** Publishes the page's camera and microphone as any WHIP client does, and answers with the session's address. */
function publish(page: Page, room: string): Promise<string> {
  return page.evaluate(async room => {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 180 } })
    const connection = new RTCPeerConnection()
    for (const track of media.getTracks()) connection.addTransceiver(track, { direction: 'sendonly', streams: [media] })
    await connection.setLocalDescription()
    const headers = { 'content-type': 'application/sdp' }
    const body = connection.localDescription?.sdp ?? ''
    const answer = await fetch(`/whip/${room}`, { method: 'POST', headers, body })
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
    return answer.headers.get('location') ?? ''
  }, room)
}

/** Plays a room as any WHEP client does. */
function play(page: Page, path: string): Promise<string> {
  return page.evaluate(async path => {
    const connection = new RTCPeerConnection()
    connection.ontrack = ({ track }) => {
      if (track.kind !== 'audio') return
      // Sound that nobody plays is not decoded.
      const player = new Audio()
      player.srcObject = new MediaStream([track])
      void player.play()
    }
    connection.addTransceiver('video', { direction: 'recvonly' })
    connection.addTransceiver('audio', { direction: 'recvonly' })
    await connection.setLocalDescription()
    const headers = { 'content-type': 'application/sdp' }
    const body = connection.localDescription?.sdp ?? ''
    const answer = await fetch(path, { method: 'POST', headers, body })
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
    return answer.headers.get('location') ?? ''
  }, path)
}

it('an encoder publishes by WHIP: people see and hear it like anyone else, until it says goodbye', async () => {
  const ann = await stage.person('Ann')
  await ann.enter('studio')
  const encoder = await stage.stranger()
  await encoder.page.goto(stage.parley.url)
  const location = await publish(encoder.page, 'studio')
  await ann.page.getByRole('button', { name: 'People, 2 here' }).waitFor()
  await expectToSeeAndHear(ann, 1)
  expect(location).toMatch(/^\/whip\/studio\/session\/[\w-]{32}$/)

  const gone = await ask('DELETE', location)
  expect(gone.status).toBe(200)
  await ann.page.getByText('Stream', { exact: true }).first().waitFor({ state: 'detached' })
  expect((await ask('DELETE', location)).status).toBe(404)
})

it('a player watches by WHEP what the room has, and what comes later', async () => {
  const viewer = await stage.stranger()
  await viewer.page.goto(stage.parley.url)
  await play(viewer.page, '/whep/stadium')
  const encoder = await stage.stranger()
  await encoder.page.goto(stage.parley.url)
  await publish(encoder.page, 'stadium')
  await expectToSeeAndHear(viewer, 1)
})

it('speaks HTTP as RFC 9725 has it', async () => {
  const encoder = await stage.stranger()
  await encoder.page.goto(stage.parley.url)
  const location = await publish(encoder.page, 'rules')

  const preflight = { origin: 'https://elsewhere.test', 'access-control-request-headers': 'authorization' }
  const options = await ask('OPTIONS', '/whip/rules', preflight)
  expect(options.status).toBe(204)
  expect(options.headers['accept-post']).toBe('application/sdp')
  expect(options.headers['access-control-allow-origin']).toBe('*')
  expect(options.headers['access-control-expose-headers']).toContain('Location')

  expect((await ask('POST', '/whip/rules', { 'content-type': 'text/plain' }, 'v=0')).status).toBe(415)
  const nonsense = await ask('POST', '/whip/rules', sdp, 'v=0 nonsense')
  expect(nonsense.status).toBe(400)
  expect(JSON.parse(nonsense.body)).toMatchObject({ code: 'bad-request' })
  expect((await ask('GET', '/whip/rules')).status).toBe(204)
  expect((await ask('PUT', '/whip/rules')).status).toBe(405)
  expect((await ask('POST', '/whip/-bad-', sdp, 'v=0')).status).toBe(400)

  const trickle = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n'
  expect((await ask('PATCH', location, { 'content-type': 'text/plain' }, trickle)).status).toBe(415)
  expect((await ask('PATCH', location, { 'content-type': fragment }, trickle)).status).toBe(428)
  expect((await ask('PATCH', location, { 'content-type': fragment, 'if-match': '"old"' }, trickle)).status).toBe(412)
  const restart = await ask('PATCH', location, { 'content-type': fragment, 'if-match': '*' }, trickle)
  expect(restart.status).toBe(200)
  expect(restart.headers['content-type']).toContain(fragment)
  expect(restart.body).toContain('a=ice-ufrag:')
  const etag = String(restart.headers.etag)
  expect(etag).toMatch(/^"[^"]+"$/)
  expect((await ask('PATCH', location, { 'content-type': fragment, 'if-match': etag }, trickle)).status).toBe(204)

  // Without the session's name nobody can end it.
  expect((await ask('DELETE', '/whip/rules/session/guessed')).status).toBe(404)
  expect((await ask('DELETE', location.replace('/rules/', '/other/'))).status).toBe(404)
})

it('the answer brings what a client needs: session, tag, ICE servers', async () => {
  const encoder = await stage.stranger()
  await encoder.page.goto(stage.parley.url)
  const offer = await encoder.page.evaluate(async () => {
    const connection = new RTCPeerConnection()
    connection.addTransceiver('audio', { direction: 'sendonly' })
    await connection.setLocalDescription()
    return connection.localDescription?.sdp ?? ''
  })
  const answer = await ask('POST', '/whip/headers', sdp, offer)
  expect(answer.status).toBe(201)
  expect(answer.headers['content-type']).toContain('application/sdp')
  expect(answer.headers.etag).toMatch(/^"[^"]+"$/)
  expect(answer.headers['accept-patch']).toBe(fragment)
  expect(answer.headers.link).toMatch(/<turn:[^>]+>; rel="ice-server"; username="[^"]+"; credential="[^"]+"/)
  expect(answer.body).toMatch(/^a=candidate:\S+ 1 udp /m)
  expect(answer.body).toMatch(/^a=end-of-candidates/m)
})
