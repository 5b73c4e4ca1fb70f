import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaults, parseSettings } from './settings.ts'

const fallback = defaults(['en-GB'])

describe('defaults', () => {
  it.each([
    [['zh-TW', 'en'], 'zh'],
    [['de-DE', 'zh-CN'], 'zh'],
    [['en-US', 'zh-CN'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ] as const)('for %j speak %s', (languages, language) => {
    expect(defaults(languages).language).toBe(language)
  })
})

describe('parseSettings', () => {
  it('gives back what was stored', () => {
    const stored = {
      ...fallback,
      name: '小明',
      theme: 'dark',
      language: 'zh',
      devices: { camera: 'c1' },
      cameraOn: false,
    }
    expect(parseSettings(JSON.parse(JSON.stringify(stored)), fallback)).toEqual(stored)
  })

  it('keeps what makes sense and drops the rest, field by field', () => {
    const stored = {
      name: 7,
      theme: 'pink',
      language: 'zh',
      shortcuts: 'no',
      devices: { camera: 'c', printer: 'p', speaker: 3 },
    }
    expect(parseSettings(stored, fallback)).toEqual({ ...fallback, language: 'zh', devices: { camera: 'c' } })
  })

  it('takes anything at all and always yields settings', () => {
    fc.assert(
      fc.property(fc.anything(), stored => {
        const settings = parseSettings(stored, fallback)
        expect(['system', 'light', 'dark']).toContain(settings.theme)
        expect(['en', 'zh']).toContain(settings.language)
        expect(typeof settings.name).toBe('string')
      }),
    )
  })
})
