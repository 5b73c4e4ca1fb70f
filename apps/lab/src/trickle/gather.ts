import { candidateOf, type Gathering, nothingGathered } from './gathering.ts'
import { toIceServers } from './servers.ts'
import type { AskedServer } from './verdict.ts'

interface GatherOptions {
  /** The server to ask; without one, only this computer's own addresses are gathered. */
  readonly server: AskedServer | undefined
  readonly relayOnly: boolean
  /** Candidates gathered ahead, `iceCandidatePoolSize` (JSEP, RFC 9429 §3.5.4). */
  readonly poolSize: number
  /** Gathering ends after this long; browsers wait up to 40 s for servers that do not answer. */
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Called on every change, each time with a new object. */
  readonly onChange?: (gathering: Gathering) => void
  /** Called on every change; returning true ends gathering, as the time limit does. */
  readonly enough?: (gathering: Gathering) => boolean
}

export interface GatherEachOptions extends Pick<GatherOptions, 'relayOnly' | 'poolSize' | 'limitMs' | 'signal'> {
  readonly servers: readonly AskedServer[]
  /** Called on every change with the results of each server so far. */
  readonly onChange?: (gatherings: readonly Gathering[]) => void
  /** Called with the results of one server; returning true ends gathering for that server. */
  readonly enough?: (server: AskedServer, gathering: Gathering) => boolean
}

/**
 * Asks every server over its own connection, all in parallel. Over a shared one, browsers leave out candidates that say
 * nothing new, and Firefox does not say which server a candidate came from. Without servers, a single connection
 * gathers host candidates.
 */
export async function gatherEach({
  servers,
  onChange,
  enough,
  ...how
}: GatherEachOptions): Promise<readonly Gathering[]> {
  const asked: readonly (AskedServer | undefined)[] = servers.length > 0 ? servers : [undefined]
  let so: readonly Gathering[] = asked.map(() => nothingGathered)
  return Promise.all(
    asked.map((server, index) =>
      gather({
        ...how,
        server,
        onChange: gathering => {
          so = so.map((each, at) => (at === index ? gathering : each))
          onChange?.(so)
        },
        enough: gathering => server !== undefined && (enough?.(server, gathering) ?? false),
      }),
    ),
  )
}

/**
 * Gathers candidates with a peer connection that has no remote peer (RFC 8838). Resolves with all candidates that
 * arrived until gathering was complete or the time limit was reached.
 * @throws {DOMException} if the browser does not accept a server; `AbortError` when stopped.
 */
function gather(options: GatherOptions): Promise<Gathering> {
  const { server, relayOnly, poolSize, limitMs, signal, onChange, enough } = options
  const connection = new RTCPeerConnection({
    iceServers: server ? toIceServers([server]) : [],
    iceTransportPolicy: relayOnly ? 'relay' : 'all',
    iceCandidatePoolSize: poolSize,
  })
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const atMs = () => performance.now() - began
    let gathering = nothingGathered
    const timer = setTimeout(() => end('limit'), limitMs)

    function change(patch: Partial<Gathering>): void {
      if (gathering.end) return
      gathering = { ...gathering, ...patch }
      onChange?.(gathering)
      if (!gathering.end && enough?.(gathering)) end('limit')
    }
    function close(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      connection.onicecandidate = null
      connection.onicecandidateerror = null
      connection.onicegatheringstatechange = null
      connection.close()
    }
    function end(by: 'browser' | 'limit'): void {
      change({ end: { by, atMs: atMs() } })
      close()
      resolve(gathering)
    }
    function abort(): void {
      close()
      reject(new DOMException('The gathering was stopped.', 'AbortError'))
    }

    connection.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return
      change({ candidates: [...gathering.candidates, candidateOf(candidate, atMs(), server?.url)] })
    }
    connection.onicecandidateerror = ({ url, errorCode, errorText, address, port }) => {
      const error = { atMs: atMs(), url, code: errorCode, text: errorText, from: address ?? '' }
      change({ errors: [...gathering.errors, { ...error, fromPort: port ?? undefined }] })
    }
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') end('browser')
    }
    signal.addEventListener('abort', abort)
    if (signal.aborted) return abort()
    connection.createDataChannel('lab')
    connection.setLocalDescription().catch(error => {
      close()
      reject(error)
    })
  })
}
