import { parseUrl } from '@parley/protocol/url'
import { systemClock } from './clock.ts'
import { givenUp, ParleyError } from './error.ts'
import { BrowserStore } from './files/browser-store.ts'
import { Ladder } from './ladder/ladder.ts'
import { Mesh } from './mesh/mesh.ts'
import { rtcConfiguration } from './peer-connection/ice-servers.ts'
import type { FilesPlatform } from './room/room-talk.ts'
import { LiveSession, type OpenMediaOptions } from './session.ts'
import { SfuPlane } from './sfu/sfu-plane.ts'
import { Connection } from './signalling/connection.ts'
import { watchNetwork } from './signalling/network-watch.ts'
import { socketLinks, under } from './signalling/socket-link.ts'
import type { ConnectOptions, Session, SessionState } from './types.ts'
import { missingWebRtc } from './web-rtc.ts'

/**
 * Connects to a Parley.
 * @param url Its address, absolute or relative to the page: `https://meet.example.org`, `/`.
 * @throws {ParleyError} `bad-address`; `unreachable` after `timeoutMs`; `token-failed`, `unauthorized`, `token-invalid`, `token-expired`,
 * `origin-refused`, … at once.
 *
 * @example
 * const session = await connect('https://meet.example.org', { name: 'Ann' })
 * const room = await session.join('tea')
 * await room.publish('camera', await createCamera())
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Promise<Session> {
  const { iceTransportPolicy = 'all', signal } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(givenUp(signal))
    let session: LiveSession | undefined
    const server = addressOf(url)
    const connection: Connection = new Connection({
      ...options,
      openLink: socketLinks(server, systemClock),
      // Firefox does not send what is written to a WebSocket while its page is closed.
      sayGoodbye: leaving => navigator.sendBeacon?.(under(server, '/api/leave'), JSON.stringify(leaving)),
      clock: systemClock,
      random: Math.random,
      onWelcome(welcome) {
        session ??= new LiveSession({
          connection,
          welcome,
          clock: systemClock,
          files: filesPlatform(options),
          openMedia: missingWebRtc().length === 0 ? media => openLadder(media, iceTransportPolicy) : undefined,
        })
        return session.welcomed(welcome)
      },
      onIceServers: servers => session?.renewIceServers(servers),
      onState(state: SessionState) {
        session?.entered(state)
        if (state.status === 'closed') stopWatching()
      },
    })
    const stopWatching = watchNetwork({
      changed() {
        connection.wake()
        session?.networkChanged()
      },
      woke: () => connection.wake(),
      left: () => connection.suspend(),
    })
    const giveUp = () => signal && connection.close(givenUp(signal))
    signal?.addEventListener('abort', giveUp)
    const started = connection.start().finally(() => signal?.removeEventListener('abort', giveUp))
    started.then(
      () => {
        if (session) resolve(session)
        warmUp()
      },
      error => {
        stopWatching()
        reject(error)
      },
    )
  })
}

/** Media in a room: between people directly, or through the SFU. */
function openLadder(
  { iceServers, transforms, ...options }: OpenMediaOptions,
  iceTransportPolicy: RTCIceTransportPolicy,
): Ladder {
  const clock = systemClock
  const common = () => ({ iceServers: iceServers(), iceTransportPolicy, clock, transforms })
  return new Ladder({
    ...options,
    clock,
    openMesh: (self, events) => new Mesh({ ...common(), self, events }),
    openSfu: (self, events) => new SfuPlane({ ...common(), self, events }),
  })
}

/** How files go between browsers, and where they are kept. */
function filesPlatform({ iceTransportPolicy = 'all', filesWorker }: ConnectOptions): FilesPlatform {
  const makeWorker = () =>
    filesWorker?.() ?? new Worker(new URL('./files/file-worker.ts', import.meta.url), { type: 'module' })
  return {
    openConnection: iceServers => new RTCPeerConnection(rtcConfiguration(iceServers, iceTransportPolicy)),
    openStore: () => new BrowserStore(makeWorker),
  }
}

const warmUpDelayMs = 200

/**
 * The first connection of a page takes longest, because the browser's media threads and codecs start with it. Asking what
 * it can send starts them too; doing that ahead, in a quiet moment, means that nobody waits for it in a call.
 */
export function warmUp(): void {
  // Firefox before 113 has RTCRtpSender but not this method.
  if (typeof globalThis.RTCRtpSender?.getCapabilities !== 'function') return
  const start = () => void RTCRtpSender.getCapabilities('video')
  if ('requestIdleCallback' in globalThis) requestIdleCallback(start)
  else setTimeout(start, warmUpDelayMs) // Safari.
}

/** @throws {ParleyError} `bad-address` if this is not an address, or not one of a web server. */
function addressOf(url: string | URL): URL {
  const address = parseUrl(url, location.href)
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address
  // “localhost:8443” parses as a URL too, with the scheme “localhost”.
  const bare = /^[\w.-]+:\d+(\/.*)?$/.test(String(url))
  throw new ParleyError('bad-address', `“${url}” is not the address of a Parley.`, {
    ...(bare && { remedy: `Write https://${url}.` }),
  })
}
