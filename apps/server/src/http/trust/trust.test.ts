import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueLeaf, makeAuthority } from '../../certificates/issue.ts'
import { startTestServer, type TestServer } from '../../testing.ts'
import { languageOf, platformOf, platforms } from './platform.ts'
import { texts } from './texts.ts'

const agents = {
  ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
  android: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36',
  windows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
  macos: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
  linux: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
} as const

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

describe('the page that explains trust', () => {
  it.each(platforms)('opens the steps for %s and closes the others', async platform => {
    expect(platformOf(agents[platform])).toBe(platform)
    const page = (await server.askPlain('/trust', { headers: { 'user-agent': agents[platform] } })).text()
    const [opened = '', ...more] = page.split(/<details\s+open/).slice(1)
    expect(more).toEqual([])
    expect(opened.slice(0, opened.indexOf('</summary>'))).toContain(texts.en.instructions[platform].title)
    for (const other of platforms) expect(page).toContain(texts.en.instructions[other].title)
    expect(page.includes('/parley.mobileconfig')).toBe(platform === 'ios')
  })

  it('opens nothing for a browser it does not know', async () => {
    const page = (await server.askPlain('/trust', { headers: { 'user-agent': 'curl/8' } })).text()
    expect(page).not.toMatch(/<details\s+open/)
  })

  it('shows the fingerprint, and the way to the app', async () => {
    const page = (await server.askPlain('/trust', { headers: { host: `pc.local:${server.httpPort}` } })).text()
    expect(page.replaceAll('<wbr>', '')).toContain(server.authority?.fingerprint)
    expect(page).toContain(`href="https://pc.local:${server.port}"`)
    expect(page).toContain(texts.en.caution)
    expect(page).not.toContain(texts.en.cautionUnlimited)
  })

  it('speaks the visitor’s language, and the other one on request', async () => {
    const accepting = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' }
    const chinese = await server.askPlain('/trust', { headers: accepting })
    expect(chinese.text()).toContain('<html lang="zh-Hans">')
    expect(chinese.text()).toContain(texts.zh.title)
    expect((await server.askPlain('/trust?lang=en', { headers: accepting })).text()).toContain(texts.en.title)
    expect((await server.askPlain('/trust?lang=zh')).text()).toContain(texts.zh.title)
    expect((await server.askPlain('/trust?lang=xx')).text()).toContain(texts.en.title)
  })

  it('runs nothing and asks nobody: its policy allows its own style alone', async () => {
    const { headers, body } = await server.askPlain('/trust?lang=%22%3E%3Cscript%3E')
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'/,
    )
    expect(body.toString()).not.toMatch(/<script|src=|https?:\/\/(?!127\.0\.0\.1)/)
  })

  it('says as much in Chinese as in English', () => {
    for (const platform of platforms) {
      expect(texts.zh.instructions[platform].steps).toHaveLength(texts.en.instructions[platform].steps.length)
    }
  })
})

describe('languages', () => {
  it.each([
    [undefined, '', 'en'],
    [undefined, 'fr,zh-TW;q=0.5,en;q=0.4', 'zh'],
    [undefined, 'en;q=0.1,zh;q=0', 'en'],
    [undefined, 'zh;q=x,en;q=0.3', 'en'],
    ['zh', 'en', 'zh'],
    ['__proto__', 'zh', 'zh'],
  ])('wanted %s, accepted “%s”: %s', (wanted, accepted, expected) => {
    expect(languageOf(wanted, accepted)).toBe(expected)
  })
})

describe('the authority’s certificate', () => {
  it('comes as DER, PEM and Apple profile, all the same one', async () => {
    const der = await server.askPlain('/ca.crt')
    expect(der.headers['content-type']).toBe('application/x-x509-ca-cert')
    expect(new X509Certificate(der.body).fingerprint256).toBe(server.authority?.fingerprint)
    const pem = await server.askPlain('/ca.pem')
    expect(new X509Certificate(pem.text()).fingerprint256).toBe(server.authority?.fingerprint)
    const profile = await server.askPlain('/parley.mobileconfig')
    expect(profile.headers['content-type']).toBe('application/x-apple-aspen-config')
    const [, data = ''] = /<data>([^<]*)<\/data>/.exec(profile.text()) ?? []
    expect(Buffer.from(data, 'base64').equals(der.body)).toBe(true)
    expect(profile.text().match(/<string>[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}<\/string>/g)).toHaveLength(2)
  })

  it('is the one that signs what the server shows', async () => {
    expect((await server.ask('/healthz')).status).toBe(200)
  })
})

describe('everything else on plain HTTP', () => {
  it.each([
    ['/', '127.0.0.1', '/'],
    ['/blue-heron?x=1', 'pc.local:8080', '/blue-heron?x=1'],
    ['//evil.example/x', 'pc.local', '//evil.example/x'],
    ['/trust/more', 'pc.local', '/trust/more'],
  ])('%s at %s goes to the same place on HTTPS', async (path, host, expected) => {
    const { status, headers } = await server.askPlain(path, { headers: { host } })
    expect(status).toBe(307)
    expect(headers.location).toBe(`https://${host.replace(/:.*/, '')}:${server.port}${expected}`)
  })

  it.each<[string, string, Record<string, string>]>([
    ['GET', '/api/ice-servers', { authorization: 'Bearer a.b.c' }],
    ['GET', '/api/rooms', {}],
    ['POST', '/whip/studio', { authorization: 'Bearer a.b.c' }],
    ['POST', '/whep/studio', {}],
    ['DELETE', '/whip/studio/session/x', {}],
    ['GET', '/socket.io/?EIO=4&transport=polling', {}],
    ['GET', '/metrics', {}],
    ['POST', '/', {}],
    ['GET', '/', { authorization: 'Bearer a.b.c' }],
  ])('%s %s is not sent on: its token would go in the clear each time', async (method, path, headers) => {
    const answer = await server.askPlain(path, { method, headers })
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.headers.location).toBeUndefined()
    expect(answer.json()).toMatchObject({
      code: 'bad-request',
      remedy: expect.stringContaining(`https://127.0.0.1:${server.port}`),
    })
  })

  it('keeps brackets of IPv6', async () => {
    const { headers } = await server.askPlain('/x', { headers: { host: '[::1]:8080' } })
    expect(headers.location).toBe(`https://[::1]:${server.port}/x`)
  })

  it.each(['a b', 'evil.example/@', 'x"y', '-', 'a..b'])('refuses the host “%s”', async host => {
    for (const path of ['/', '/trust']) expect((await server.askPlain(path, { headers: { host } })).status).toBe(400)
  })
})

describe('with a certificate of one’s own', () => {
  it('there is nothing to trust, and browsers may be told to stay with HTTPS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-own-'))
    const authority = await makeAuthority('test', Date.now())
    const pair = await issueLeaf(authority, { dns: ['localhost', 'meet.example.com'], ip: [] }, Date.now())
    const [cert, key] = [join(folder, 'c.pem'), join(folder, 'k.pem')]
    writeFileSync(cert, pair.cert)
    writeFileSync(key, pair.key)
    const own = await startTestServer({ cert, key, domain: 'meet.example.com' }, authority.cert)
    try {
      const page = (await own.askPlain('/trust')).text()
      expect(page).toContain(texts.en.notNeededTitle)
      expect(page).not.toContain('/ca.crt')
      expect((await own.askPlain('/ca.crt')).status).toBe(307)
      expect(own.info().trustUrl).toBeUndefined()
      const strict = async (host: string) =>
        (await own.ask('/healthz', { headers: { host } })).headers['strict-transport-security']
      expect(await strict('meet.example.com:8443')).toBe('max-age=31536000')
      expect(await strict('localhost')).toBeUndefined()
    } finally {
      await own.close()
      rmSync(folder, { recursive: true })
    }
  })
})
