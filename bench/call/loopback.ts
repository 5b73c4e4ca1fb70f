import type { Browser } from 'playwright-core'
import { helpers } from './trace.ts'

/** When the receiver reached each step, in ms after `createOffer`; the names are those of a call's trace. */
export type LoopbackSteps = Readonly<Record<string, number>>

/**
 * The fastest that a call can be: two peer connections in one page hand each other their descriptions and candidates, and one sends
 * tracks that are at hand; measured up to the first decoded frame.
 */
export async function loopback(browser: Browser, url: string): Promise<LoopbackSteps> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['camera', 'microphone'] })
  await context.addInitScript(helpers)
  const page = await context.newPage()
  await page.goto(url)
  const steps = await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width: 1280, height: 720, frameRate: 30 },
    })
    const video = document.createElement('video')
    video.muted = true
    video.autoplay = true
    document.body.append(video)
    const [sender, receiver] = [new RTCPeerConnection(), new RTCPeerConnection()]
    sender.addEventListener('icecandidate', ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined))
    receiver.addEventListener('icecandidate', ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined))
    const steps: Record<string, number> = {}
    const mark = (what: string) => {
      steps[what] ??= performance.now() - startedAt
    }
    receiver.addEventListener('track', ({ track, streams: [remote] }) => {
      mark(`remote ${track.kind} track`)
      track.addEventListener('unmute', () => mark(`remote ${track.kind} arrives`))
      if (remote) video.srcObject = remote
    })
    receiver.addEventListener('iceconnectionstatechange', () => mark(`ICE ${receiver.iceConnectionState}`))
    receiver.addEventListener('connectionstatechange', () => mark(`connection ${receiver.connectionState}`))
    for (const track of stream.getTracks()) sender.addTrack(track, stream)
    const startedAt = performance.now()
    const frame = new Promise<unknown>(resolve => video.requestVideoFrameCallback(resolve))
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription ?? { type: 'offer' })
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription ?? { type: 'answer' })
    await frame
    mark('first frame')
    return steps
  })
  await context.close()
  return steps
}
