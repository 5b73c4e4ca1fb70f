import type { Browser } from 'playwright-core'
import { helpers } from './trace.ts'

/**
 * The least there is: two peer connections in one page that hand each other their descriptions and candidates. From
 * `createOffer`, with tracks at hand, to the first decoded frame; ms.
 */
export async function loopback(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['camera', 'microphone'] })
  await context.addInitScript(helpers)
  const page = await context.newPage()
  await page.goto(url)
  const elapsed = await page.evaluate(async () => {
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
    receiver.addEventListener('track', ({ streams: [remote] }) => {
      if (remote) video.srcObject = remote
    })
    for (const track of stream.getTracks()) sender.addTrack(track, stream)
    const startedAt = performance.now()
    const frame = new Promise<number>(resolve => video.requestVideoFrameCallback(() => resolve(performance.now())))
    await sender.setLocalDescription(await sender.createOffer())
    await receiver.setRemoteDescription(sender.localDescription ?? { type: 'offer' })
    await receiver.setLocalDescription(await receiver.createAnswer())
    await sender.setRemoteDescription(receiver.localDescription ?? { type: 'answer' })
    return (await frame) - startedAt
  })
  await context.close()
  return elapsed
}
