import { AppError } from '@parley/protocol'
import { Hono } from 'hono'
import type { Authority } from '../certificates/source.ts'
import type { Env, ServerContext } from './env.ts'
import { mobileconfig } from './trust/mobileconfig.ts'
import { trustPage } from './trust/page.ts'
import { languageOf, platformOf } from './trust/platform.ts'
import { trustPagePolicy } from './trust/style.ts'
import { hostOf, httpsUrl } from './urls.ts'

export interface PlainAppOptions {
  readonly authority: Authority | undefined
  readonly httpsPort: () => number
}

/** Everything that the plain HTTP port serves: how to trust the authority, its certificate, and redirects to HTTPS. */
export function createPlainApp({ authority, httpsPort }: PlainAppOptions): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    await next()
    c.res.headers.set('content-security-policy', trustPagePolicy)
    c.res.headers.set('x-content-type-options', 'nosniff')
    c.res.headers.set('referrer-policy', 'no-referrer')
    c.res.headers.set('cache-control', 'no-store')
  })
  app.get('/trust', c => {
    const host = hostOf(c.req.header('host'))
    if (host === undefined) return c.text('Bad Host header\n', 400)
    c.header('vary', 'accept-language, user-agent')
    return c.html(
      trustPage({
        language: languageOf(c.req.query('lang'), c.req.header('accept-language') ?? ''),
        platform: platformOf(c.req.header('user-agent') ?? ''),
        authority,
        appUrl: httpsUrl(host, httpsPort()),
      }),
    )
  })
  if (authority) {
    app.get('/ca.crt', c =>
      c.body(new Uint8Array(authority.der), 200, { 'content-type': 'application/x-x509-ca-cert' }),
    )
    app.get('/ca.pem', c => c.body(authority.pem, 200, { 'content-type': 'application/x-pem-file' }))
    app.get('/parley.mobileconfig', c =>
      c.body(mobileconfig(authority), 200, { 'content-type': 'application/x-apple-aspen-config' }),
    )
  }
  app.all('*', c => {
    const host = hostOf(c.req.header('host'))
    if (host === undefined) return c.text('Bad Host header\n', 400)
    const { pathname, search } = new URL(c.req.url)
    if (!isForPage(c)) {
      const error = new AppError(
        'bad-request',
        'This port is not encrypted: it has pages about the certificate, and no API.',
        {
          remedy: `Use ${httpsUrl(host, httpsPort())}. If you have sent a token here, others may have read it: make a new one.`,
        },
      )
      return c.json(error.toJSON(), 400)
    }
    return c.redirect(`${httpsUrl(host, httpsPort())}${pathname}${search}`, 307)
  })
  return app
}

const apis = /^\/(api|whip|whep|socket\.io|relay|metrics|healthz|readyz)(\/|$)/

/** Whether a person is opening an address. A program must not be redirected: it would send its token in the clear every time, unnoticed. */
function isForPage(c: ServerContext): boolean {
  const { method, path } = c.req
  return (method === 'GET' || method === 'HEAD') && !apis.test(path) && c.req.header('authorization') === undefined
}
