import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Anybody } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ flags: ['--metrics', 'open'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

const callButton = ({ page }: Anybody, name: string) => page.getByRole('button', { name: `Video call with ${name}` })
const press = ({ page }: Anybody, name: string) => page.getByRole('button', { name, exact: true }).click()

/** The layers that have been sent, by rid. */
const layersSent = ({ page }: Anybody) =>
  page.evaluate(async () => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const reports = await Promise.all(all.map(connection => connection.getStats()))
    const layers = reports.flatMap(report => [
      ...(report as unknown as Map<string, RTCOutboundRtpStreamStats>).values(),
    ])
    return layers
      .flatMap(({ type, rid, framesSent = 0 }) => (type === 'outbound-rtp' && rid && framesSent > 0 ? rid : []))
      .sort()
  })

/**
 * Of each section of sound of the open connections with the SFU: which way it goes, which of Opus and RED were agreed on, the preferred
 * one first, and whether DTX was asked for.
 */
const agreedSound = ({ page }: Anybody) =>
  page.evaluate(() => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const open = all.filter(({ connectionState }) => connectionState === 'connected')
    return open
      .flatMap(({ currentLocalDescription, currentRemoteDescription }) => {
        const sends = currentLocalDescription?.type === 'offer'
        const { sdp = '' } = (sends ? currentRemoteDescription : currentLocalDescription) ?? {}
        const sections = sdp
          .split(/^(?=m=)/m)
          .filter(section => section.startsWith('m=audio') && /^a=(?:send|recv)only/m.test(section))
        return sections.map(section => {
          const payloadTypes = section.split('\r\n')[0]?.split(' ').slice(3) ?? []
          const names = payloadTypes.map(number => new RegExp(`a=rtpmap:${number} (\\w+)/`).exec(section)?.[1] ?? '')
          const known = names.map(name => name.toLowerCase()).filter(name => name === 'opus' || name === 'red')
          return [sends ? 'sends' : 'receives', ...known, ...(sends && /usedtx=1/.test(section) ? ['dtx'] : [])].join(
            ' ',
          )
        })
      })
      .sort()
  })

/** In which codecs sound is heard; Chromium names what is inside RED. */
const heardCodecs = ({ page }: Anybody) =>
  page.evaluate(async () => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const open = all.filter(({ connectionState }) => connectionState === 'connected')
    const reports = await Promise.all(open.map(connection => connection.getStats()))
    const codecs = reports.flatMap(report => {
      const heard = [...report.values()].filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
      return heard.map(({ codecId }) => (report as unknown as Map<string, { mimeType: string }>).get(codecId)?.mimeType)
    })
    return [...new Set(codecs)]
  })

/** A count of the server. */
async function counted({ page }: Anybody, name: string): Promise<number> {
  const metrics = await page.evaluate(() => fetch('/metrics').then(response => response.text()))
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1])
}

it('Firefox and Chromium call each other', async () => {
  const [fay, cho] = await Promise.all([stage.firefoxPerson('Fay'), stage.person('Cho')])
  await Promise.all([fay.home(), cho.home()])
  for (const [caller, callee, from, to] of [
    [fay, cho, 'Fay', 'Cho'],
    [cho, fay, 'Cho', 'Fay'],
  ] as const) {
    await callButton(caller, to).click()
    await callee.page.getByRole('dialog', { name: `${from} is calling` }).waitFor()
    await press(callee, 'Accept')
    await Promise.all([fay, cho].map(each => expectToSeeAndHear(each, 1)))
    await press(caller, 'Hang up')
    await callee.page.getByText('Call ended').first().waitFor()
    await Promise.all([fay, cho].map(each => each.home()))
  }
})

it('a mesh of both browsers becomes a meeting through the SFU when another Firefox comes, and goes back', async () => {
  const [fay, cho] = await Promise.all([stage.firefoxPerson('Fay'), stage.person('Cho')])
  await fay.enter('mixed')
  await cho.enter('mixed')
  await Promise.all([fay, cho].map(each => expectToSeeAndHear(each, 1)))

  const fox = await stage.firefoxPerson('Fox')
  await fox.enter('mixed')
  await Promise.all([fay, cho, fox].map(each => expectToSeeAndHear(each, 2)))
  await fay.page.getByRole('button', { name: 'Encrypted to the server' }).waitFor()
  // Chromium sends RED, of which Firefox hears what is inside; over links that lose nothing, so does Chromium.
  expect(await agreedSound(cho)).toEqual(['receives opus red', 'receives opus red', 'sends red opus dtx'])
  expect(await agreedSound(fay)).toEqual(['receives opus', 'receives opus', 'sends opus dtx'])
  for (const each of [fay, cho, fox]) expect(await heardCodecs(each)).toEqual(['audio/opus'])
  expect(await counted(cho, 'parley_sfu_red_received_total')).toBeGreaterThan(0)
  expect(await counted(cho, 'parley_sfu_red_malformed_total')).toBe(0)
  // Firefox’s fake camera is so small that one layer is enough.
  await expect.poll(() => layersSent(fay)).toEqual(['f'])

  await press(fox, 'Leave')
  await fay.page.getByRole('button', { name: 'End-to-end encrypted' }).waitFor()
  await Promise.all([fay, cho].map(each => expectToSeeAndHear(each, 1)))
  await expect.poll(() => fay.page.getByRole('button', { name: 'Options for Fox' }).count()).toBe(0)
})

it('a page that Firefox reloads or leaves is gone at once, and the meeting of two stays one', async () => {
  const [fay, cho] = await Promise.all([stage.firefoxPerson('Fay'), stage.person('Cho')])
  await cho.enter('reload')
  await fay.enter('reload')
  await Promise.all([fay, cho].map(each => expectToSeeAndHear(each, 1)))
  const others = () => cho.page.getByRole('button', { name: /^Options for Fay/ }).count()
  // Far less than the half minute for which the seat of a lost socket is kept.
  const soon = { timeout: 20_000 }

  await fay.enter('reload')
  await expect.poll(others, soon).toBe(1)
  await Promise.all([fay, cho].map(each => expectToSeeAndHear(each, 1)))
  await fay.page.getByRole('button', { name: 'End-to-end encrypted' }).waitFor()

  await fay.page.goto('about:blank')
  await expect.poll(others, soon).toBe(0)
})

const labPages = [
  'checks',
  'call-test',
  'trickle',
  'nat',
  'devices',
  'constraints',
  'loopback',
  'sdp',
  'statistics',
  'data-channel',
]

it('the Lab in Firefox: each server is told apart, and what is open is not called closed', async () => {
  const fay = await stage.firefoxPerson('Fay')
  const { page } = fay
  const finding = (id: string, ...statuses: readonly string[]) =>
    page.locator(statuses.map(status => `[data-finding=${id}][data-status=${status}]`).join()).first()
  await page.goto(`${stage.parley.url}/lab/checks#seconds=2`)
  await expect.poll(() => page.evaluate(() => localStorage.getItem('parley.guest-token') !== null)).toBe(true)
  await press(fay, 'Run')
  await page.locator('[data-verdict]').first().waitFor()
  for (const way of ['tcp', 'tls']) await finding(`turn-${way}`, 'pass').waitFor()
  // How good they are is the machine's affair.
  for (const kind of ['direct', 'sfu']) await finding(`call-${kind}`, 'pass', 'warn').waitFor()
  await finding('same-address', 'pass').waitFor()
  expect(await finding('udp', 'fail').count()).toBe(0)

  await page.goto(`${stage.parley.url}/lab/loopback`)
  await press(fay, 'Start')
  await press(fay, 'Call')
  await page.locator('[data-finding=picture][data-status=pass]').waitFor()
})

it('a browser without WebRTC is told so on every page of the Lab', async () => {
  const initScript = 'delete globalThis.RTCPeerConnection'
  const { page } = await stage.firefoxPerson('Fay', { initScript })
  for (const path of labPages) {
    await page.goto(`${stage.parley.url}/lab/${path}`)
    await page
      .getByRole('alert')
      .getByText(/WebRTC/)
      .first()
      .waitFor()
    await page.locator('h1').waitFor()
  }
  await page.goto(`${stage.parley.url}/lab/checks`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('[data-verdict=fail]').getByText('This browser cannot make calls').waitFor()
})
