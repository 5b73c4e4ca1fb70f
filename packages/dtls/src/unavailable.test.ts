import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** Runs a program in a Node whose koffi does not load, as where there is no binary for the platform. */
function withoutKoffi(program: string): string {
  const source = `
    const Module = require('node:module')
    const load = Module._load
    Module._load = (name, ...rest) => {
      if (name === 'koffi') throw new Error('no binary for this platform')
      return load(name, ...rest)
    }
    import('tsx/esm/api').then(async ({ register }) => {
      register()
      const attempt = make => { try { make(); return 'made' } catch (error) { return error.message } }
      const load = name => import(new URL(name, ${JSON.stringify(import.meta.url)}).href)
      ${program}
    })`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', source], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout
}

test('without koffi the packages load, and making something says what is missing', () => {
  const said = withoutKoffi(`
    const ffi = await load('../../ffi/src/index.ts')
    const srtp = await load('../../srtp/src/index.ts')
    const dtls = await load('./index.ts')
    const key = { profile: 'AEAD_AES_128_GCM', masterKey: new Uint8Array(16), masterSalt: new Uint8Array(12) }
    console.log(JSON.stringify([
      attempt(() => ffi.requireOpenssl()),
      attempt(() => new srtp.SrtpSender(key)),
      attempt(() => new srtp.SrtpReceiver(key)),
      attempt(() => new dtls.DtlsContext({ certificate: '', privateKey: '' })),
      attempt(() => dtls.makeDtlsCertificate()),
    ]))
  `)
  const why = 'there is no DTLS-SRTP here: koffi does not load: no binary for this platform'
  expect(JSON.parse(said)).toEqual([why, why, why, why, why])
})
