/** What happened in a page, and when: ms since 1970, as exact as the page's clock. */
export interface Mark {
  readonly what: string
  readonly at: number
}

/**
 * Runs in a page before its own scripts: notes the steps of a call's set-up in `__marks`, from outside of the app. Each
 * step is noted when it first happens; `first frame` is the first picture of the other side in an element that the app
 * shows.
 */
export function trace(): void {
  const marks: Mark[] = []
  const mark = (what: string) => {
    if (!marks.some(known => known.what === what)) marks.push({ what, at: performance.timeOrigin + performance.now() })
  }
  Object.assign(globalThis, { __marks: marks })

  addEventListener(
    'click',
    event => {
      const button = event.target instanceof Element ? event.target.closest('button') : null
      if (button) mark(`click ${button.getAttribute('aria-label') ?? button.textContent}`)
    },
    { capture: true },
  )

  const devices = navigator.mediaDevices
  const getUserMedia = devices.getUserMedia.bind(devices)
  devices.getUserMedia = async constraints => {
    mark('getUserMedia')
    const stream = await getUserMedia(constraints)
    mark('getUserMedia done')
    return stream
  }

  const NativeSocket = globalThis.WebSocket
  globalThis.WebSocket = class extends NativeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', ({ data }) => markPacket('receive', data))
    }
    override send(data: string | Blob | BufferSource): void {
      markPacket('send', data)
      super.send(data)
    }
  }
  /** Socket.IO's events, `42["name",…]`; for signals also their kind. */
  const markPacket = (direction: string, data: unknown) => {
    const name = typeof data === 'string' ? /^42\d*\["([\w.]+)"/.exec(data)?.[1] : undefined
    if (!name) return
    const detail = /"type":"(offer|answer)"|"kind":"(candidate)"/.exec(String(data))
    mark([direction, name, detail?.[1] ?? detail?.[2]].filter(Boolean).join(' '))
  }

  const remote = new WeakSet<MediaStreamTrack>()
  const NativeConnection = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      mark('new RTCPeerConnection')
      this.addEventListener('track', ({ track }) => {
        mark(`remote ${track.kind} track`)
        remote.add(track)
        track.addEventListener('unmute', () => mark(`remote ${track.kind} arrives`))
      })
      this.addEventListener('icecandidate', () => mark('first candidate'))
      this.addEventListener('iceconnectionstatechange', () => mark(`ICE ${this.iceConnectionState}`))
      this.addEventListener('connectionstatechange', () => mark(`connection ${this.connectionState}`))
    }
  }

  const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject') ?? {}
  if (!get || !set) throw new Error('this browser has no srcObject')
  const shows = (element: HTMLMediaElement) => {
    const stream: unknown = get.call(element)
    return stream instanceof MediaStream && stream.getVideoTracks().some(track => remote.has(track))
  }
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    configurable: true,
    enumerable: true,
    get,
    set(this: HTMLMediaElement, stream: MediaProvider | null) {
      set.call(this, stream)
      if (!(this instanceof HTMLVideoElement)) return
      if (shows(this)) mark('remote video element')
      const watch = () => {
        if (shows(this)) mark('first frame')
        else this.requestVideoFrameCallback(watch)
      }
      this.requestVideoFrameCallback(watch)
    },
  })
}

/** tsx compiles in calls of a helper that pages do not have. */
export const helpers = 'globalThis.__name ??= value => value'
