import { audioContext } from './level.ts'

/** Whether this browser lets a page choose where sound comes out. */
export const canChooseSpeaker = typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype

/** Sends an element's sound to the chosen speaker; without an id, or where the device is gone, to the default one. */
export async function setSpeaker(element: HTMLMediaElement, id: string | undefined): Promise<void> {
  if (!canChooseSpeaker) return
  try {
    await element.setSinkId(id ?? '')
  } catch (error) {
    console.warn('The chosen speaker cannot be used:', error)
    await element.setSinkId('')
  }
}

/** The notes of the test: a rising chord. Hertz, and seconds from the start. */
const chord = [
  { hertz: 523.25, at: 0 },
  { hertz: 659.25, at: 0.18 },
  { hertz: 783.99, at: 0.36 },
] as const

/** Plays a short chord on the chosen speaker; resolves when it has died away. */
export async function playTestSound(speaker: string | undefined): Promise<void> {
  const context = audioContext()
  await context.resume()
  const out = context.createMediaStreamDestination()
  const element = new Audio()
  element.srcObject = out.stream
  await setSpeaker(element, speaker)
  await element.play()
  for (const { hertz, at } of chord) note(context, out, hertz, context.currentTime + 0.05 + at)
  await new Promise(resolve => setTimeout(resolve, 1800))
  element.srcObject = null
}

/** One struck note that dies away within a second. */
export function note(context: AudioContext, out: AudioNode, hertz: number, at: number, volume = 0.2): void {
  const oscillator = context.createOscillator()
  const gain = context.createGain()
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(volume, at + 0.015)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 1)
  oscillator.connect(gain).connect(out)
  oscillator.start(at)
  oscillator.stop(at + 1)
}
