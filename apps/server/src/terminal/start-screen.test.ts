import { describe, expect, it } from 'vitest'
import { type StartScreen, startScreen } from './start-screen.ts'

const screen: StartScreen = {
  version: '0.1.0',
  startedInMs: 812,
  url: 'https://localhost:8443',
  urls: ['https://192.168.1.20:8443', 'https://10.0.0.5:8443'],
  certificate: 'self-made',
  trustUrl: 'http://192.168.1.20:8080/trust',
  auth: 'open',
  edge: { port: 3478, loop: 'batched', sfu: { is: 'ready', ports: [3478] } },
  publicAddress: false,
  notes: [],
  columns: undefined,
  colour: false,
}

describe('the start screen', () => {
  it('is plain where there is no terminal', () => {
    expect(startScreen(screen)).toBe(`
 Parley 0.1.0 ready in 0.8 s
 This computer  https://localhost:8443
 Your network   https://192.168.1.20:8443
                https://10.0.0.5:8443
 STUN/TURN      udp/tcp 3478 ✓   Media  udp/tcp 3478 ✓
 ! Self-made certificate: browsers warn once. Trust it: http://192.168.1.20:8080/trust
 ! No public address set: calls from the internet may fail (--public-ip)
 ! Anyone who reaches this server can join. --auth token to change
 Lab            https://localhost:8443/lab

`)
  })

  it('says what is missing where there is no DTLS-SRTP, as with musl or on Windows, and where there is', () => {
    const why = 'there is no DTLS-SRTP here: koffi does not load: no binary for this platform'
    const said = startScreen({ ...screen, edge: { port: 3478, loop: 'portable', sfu: { is: 'missing', why } } })
    expect(said).toContain(
      `! No SFU here, rooms are a mesh of up to five or so: ${why}. The Node of nodejs.org on Linux (glibc) has what it needs\n`,
    )
  })

  it('has a QR code of the best address where it fits, and says how to stop', () => {
    const wide = startScreen({ ...screen, columns: 80 })
    expect(wide).toMatch(/[▀▄█]{5}/)
    expect(wide).toContain('Stop  Ctrl+C')
    expect(startScreen({ ...screen, columns: 30 })).not.toMatch(/[▀▄█]/)
    expect(startScreen({ ...screen, urls: [], columns: 80 })).not.toMatch(/[▀▄█]/)
    for (const line of wide.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('is coloured only on request', () => {
    expect(startScreen({ ...screen, columns: 80 })).not.toContain('\u001b')
    expect(startScreen({ ...screen, columns: 80, colour: true })).toContain(
      '\u001b[36mhttps://localhost:8443\u001b[39m',
    )
  })

  it('lists what is so and nothing else', () => {
    const quiet = startScreen({
      ...screen,
      certificate: 'own',
      trustUrl: undefined,
      auth: 'token',
      urls: [],
      publicAddress: true,
    })
    expect(quiet).not.toContain('!')
    expect(quiet).not.toContain('Your network')
    expect(startScreen({ ...screen, trustUrl: undefined })).toContain('browsers warn once.\n')
    expect(startScreen({ ...screen, notes: ['Port 8443 is taken, so it is 8444'] })).toContain('! Port 8443 is taken')
  })
})
