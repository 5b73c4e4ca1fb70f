import { describe, expect, it } from 'vitest'
import { asItIs, easeLight, lightFor, meanBrightness } from './light.ts'

describe('the correction of the light', () => {
  it('leaves a well lit picture alone', () => {
    expect(lightFor(0.45)).toEqual(asItIs)
    expect(lightFor(0.55)).toEqual(asItIs)
  })

  it('brightens what is dark, the darker the more, up to a bound', () => {
    const gammas = [0.35, 0.25, 0.12].map(mean => lightFor(mean).gamma)
    expect(gammas[0]).toBeLessThan(1)
    expect([...gammas].sort((a, b) => b - a)).toEqual(gammas)
    expect(lightFor(0).gamma).toBeGreaterThanOrEqual(0.55)
  })

  it('darkens what is too bright, up to a bound', () => {
    expect(lightFor(0.8).gamma).toBeGreaterThan(1)
    expect(lightFor(1).gamma).toBeLessThanOrEqual(1.3)
  })

  it('comes about within seconds, not at once', () => {
    const aim = lightFor(0.1)
    const soon = easeLight(asItIs, aim, 33)
    expect(soon.gamma).toBeLessThan(1)
    expect(soon.gamma).toBeGreaterThan(aim.gamma + 0.2)
    expect(easeLight(asItIs, aim, 5000).gamma).toBeCloseTo(aim.gamma, 2)
  })
})

it('the mean brightness is that of the eye: green is brighter than blue', () => {
  expect(meanBrightness(new Uint8Array([255, 255, 255, 255, 0, 0, 0, 255]))).toBeCloseTo(0.5)
  const green = meanBrightness(new Uint8Array([0, 255, 0, 255]))
  expect(green).toBeGreaterThan(meanBrightness(new Uint8Array([0, 0, 255, 255])) * 5)
  expect(meanBrightness(new Uint8Array())).toBe(0)
})
