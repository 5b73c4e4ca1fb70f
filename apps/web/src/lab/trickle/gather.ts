import { candidateOf, type Gathering, nothingGathered } from './gathering.ts'

export interface GatherOptions {
  readonly servers: readonly RTCIceServer[]
  readonly relayOnly: boolean
  /** Candidates gathered ahead, `iceCandidatePoolSize` (JSEP, RFC 9429 §3.5.4). */
  readonly poolSize: number
  /** Ends by itself after this long; browsers wait up to 40 s for servers that do not answer. */
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Called with every change, each time a new object. */
  readonly onChange?: (gathering: Gathering) => void
  /** Looks at every change; true ends it, as the time limit does. */
  readonly enough?: (gathering: Gathering) => boolean
}

/**
 * Gathers candidates with a peer connection that calls nobody (RFC 8838). Resolves with all that came until the browser
 * was through, or the limit.
 * @throws {DOMException} for servers that the browser does not accept; `AbortError` when stopped.
 */
export function gather(options: GatherOptions): Promise<Gathering> {
  const { servers, relayOnly, poolSize, limitMs, signal, onChange, enough } = options
  const connection = new RTCPeerConnection({
    iceServers: [...servers],
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
      change({ candidates: [...gathering.candidates, candidateOf(candidate, atMs())] })
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
