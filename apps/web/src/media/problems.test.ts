import { describe, expect, it } from 'vitest'
import { problemsOf } from './problems.ts'
import type { InputState, MediaErrorCode } from './state.ts'

const off: InputState = { status: 'off' }
const failed = (code: MediaErrorCode, deviceLabel?: string): InputState => ({ status: 'failed', code, deviceLabel })
const asked = { microphone: 'denied', camera: 'denied' } as const

describe('problemsOf', () => {
  it('has nothing to tell while nothing failed', () => {
    expect(problemsOf({ microphone: off, camera: { status: 'asking' } }, asked)).toEqual([])
  })

  it('tells of a common cause once', () => {
    const both = problemsOf({ microphone: failed('media-denied'), camera: failed('media-denied') }, asked)
    expect(both).toEqual([{ what: 'both', kinds: ['microphone', 'camera'], code: 'media-denied', device: undefined }])
  })

  it('tells of two causes apart', () => {
    const two = problemsOf({ microphone: failed('media-missing'), camera: failed('media-denied') }, asked)
    expect(two.map(({ what, code }) => [what, code])).toEqual([
      ['microphone', 'media-missing'],
      ['camera', 'media-denied'],
    ])
  })

  it('names two busy devices each', () => {
    const two = problemsOf({ microphone: failed('media-busy', 'Mic'), camera: failed('media-busy', 'Cam') }, asked)
    expect(two.map(({ device }) => device)).toEqual(['Mic', 'Cam'])
  })

  it('leaves an insecure page to the page’s own banner', () => {
    const insecure = failed('media-insecure')
    expect(problemsOf({ microphone: insecure, camera: insecure }, asked)).toEqual([])
  })

  it('knows a system that forbids what the browser allows', () => {
    const [only] = problemsOf({ microphone: off, camera: failed('media-denied') }, { ...asked, camera: 'granted' })
    expect(only?.code).toBe('media-denied-by-system')
  })
})
