import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readFlags } from './flags.ts'
import { serverOptions } from './options.ts'
import { resolve } from './resolve.ts'
import { nearest } from './suggest.ts'

const word = fc.oneof(
  fc.string(),
  fc.constantFrom(...Object.keys(serverOptions).map(name => `--${name}`)),
  fc.string().map(text => `--${text}`),
  fc.string().map(text => `--port=${text}`),
)

it('takes any command line without throwing, and says something wrong about each that it does not understand', () => {
  fc.assert(
    fc.property(fc.array(word), argv => {
      const { values, problems } = readFlags(serverOptions, argv)
      const layer = { source: { from: 'flag' as const }, values, folder: '/' }
      const resolved = resolve(serverOptions, [layer], '/')
      for (const name of values.keys()) expect(Object.keys(serverOptions)).toContain(name)
      for (const text of [...problems, ...resolved.problems]) expect(text.length).toBeGreaterThan(10)
      if (argv.length > 0) expect(values.size + problems.length).toBeGreaterThan(0)
    }),
  )
})

it('suggests what is near and nothing that is far', () => {
  const names = ['port', 'host', 'http-port']
  expect(nearest('prot', names)).toBe('port')
  expect(nearest('PORT', names)).toBe('port')
  expect(nearest('htp-port', names)).toBe('http-port')
  expect(nearest('xyzzy', names)).toBeUndefined()
  expect(nearest('', names)).toBeUndefined()
})
