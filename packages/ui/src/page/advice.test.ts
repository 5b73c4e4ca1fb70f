import { describe, expect, it } from 'vitest'
import english from '../locales/en.ts'
import { adviceSteps, browserKind, promptPlace } from './advice.ts'

const agents = {
  chrome: [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
  ],
  firefox: ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'],
  safari: [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15',
  ],
  'ios-safari': [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1',
  ],
  'ios-other': [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15',
  ],
  'android-chrome': [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  ],
  'android-firefox': ['Mozilla/5.0 (Android 14; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0'],
  other: ['', 'Something/1.0'],
} as const

describe('browserKind', () => {
  it.each(Object.entries(agents).flatMap(([kind, list]) => list.map(agent => [kind, agent] as const)))(
    '%s: %s',
    (kind, agent) => {
      expect(browserKind(agent)).toBe(kind)
    },
  )

  it('knows the iPad that says it is a Mac', () => {
    expect(browserKind(agents.safari[0], 5)).toBe('ios-safari')
  })
})

it('has words for every step', () => {
  expect(
    Object.values(adviceSteps)
      .flat()
      .filter(key => !(key in english)),
  ).toEqual([])
})

it('points where the browser asks', () => {
  expect(promptPlace('chrome')).toBe('top-left')
  expect(promptPlace('safari')).toBe('top')
  expect(promptPlace('ios-safari')).toBeUndefined()
})
