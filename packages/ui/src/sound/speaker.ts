import { audioContext } from './level.ts'

/** Whether this browser lets a page choose the output device. */
export const canChooseSpeaker = typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype

/** Plays an element's sound on the chosen speaker; without an id, or if the device is gone, on the default one. */
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

/** Opens an audio output on the chosen speaker; close it when done. */
export async function openOutput(
  speaker: string | undefined,
): Promise<{ readonly node: AudioNode; readonly close: () => void }> {
  const node = audioContext().createMediaStreamDestination()
  const element = new Audio()
  element.srcObject = node.stream
  await setSpeaker(element, speaker)
  await element.play()
  return {
    node,
    close: () => {
      element.srcObject = null
    },
  }
}

/** Plays a short chord on the chosen speaker; resolves when it has faded out. Needs a preceding user gesture. */
export async function playTestSound(speaker: string | undefined): Promise<void> {
  const context = audioContext()
  await context.resume()
  const { node, close } = await openOutput(speaker)
  for (const { hertz, at } of chord) playNote(node, hertz, context.currentTime + 0.05 + at)
  await new Promise(resolve => setTimeout(resolve, 1800))
  close()
}

/** Plays one note that fades out within a second. `at` in seconds of the audio context's clock. */
export function playNote(out: AudioNode, hertz: number, at: number, volume = 0.2): void {
  const { context } = out
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
