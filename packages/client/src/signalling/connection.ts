import type {
  EventName,
  EventPayload,
  Handshake,
  IceServer,
  Leaving,
  RequestInput,
  RequestName,
  RequestOutput,
} from '@parley/protocol'
import type { ErrorCode, WireError } from '@parley/protocol/errors'
import type { Clock } from '../clock.ts'
import { EventSource } from '../emitter.ts'
import { ParleyError } from '../error.ts'
import type { ConnectOptions, SessionState, Unsubscribe } from '../types.ts'
import type { Link, LinkDown, OpenLink, RequestOptions, Signalling, Welcome } from './ports.ts'
import { RequestQueue } from './request-queue.ts'
import { judgeRefusal, retryDelay, type Verdict } from './retry-policy.ts'
import { TokenRenewal } from './token-renewal.ts'

export interface ConnectionOptions extends Pick<ConnectOptions, 'token' | 'name' | 'tab' | 'timeoutMs'> {
  /** Tells the server that the page is being closed, in a way that outlives the page. */
  readonly sayGoodbye?: (leaving: Leaving) => void
  readonly openLink: OpenLink
  readonly clock: Clock
  /** 0..1, for spreading retries. */
  readonly random: () => number
  /** The state has changed; not called before the first welcome. */
  readonly onState: (state: SessionState) => void
  /** The ICE servers have changed. */
  readonly onIceServers: (servers: readonly IceServer[]) => void
  /** Waiting requests are held back until this settles, so that lost rooms are joined again first. */
  readonly onWelcome: (welcome: Welcome) => Promise<void>
}

const attemptMs = 10_000
const probeMs = 4_000

/** Keeps one session connected: opens links, reconnects, and proves who it is and which events it has seen. */
export class Connection implements Signalling {
  readonly #options: ConnectionOptions
  readonly #queue: RequestQueue
  readonly #events = new EventSource<{ [K in EventName]: EventPayload<K> }>()
  #state: SessionState | undefined
  #link: Link | undefined
  /** The number of the current attempt: whatever earlier ones report is ignored. */
  #attempt = 0
  #stopTimer: Unsubscribe = () => {}
  #failures = 0
  #tokenRefreshed = false
  /** How far the server's clock is ahead of ours, ms. */
  #serverAhead = 0
  #token: string | undefined
  #ticket: string | undefined
  #identity: string | undefined
  #after: number | undefined
  #lastFailure: unknown
  /** Whether we are waiting for the application to get a token. */
  #asking = false
  readonly #renewal: TokenRenewal
  #first: { resolve(welcome: Welcome): void; reject(error: ParleyError): void } | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#queue = new RequestQueue({ clock: options.clock, unanswered: () => this.#reset() })
    this.#renewal = new TokenRenewal({ clock: options.clock, renew: () => this.#renew() })
  }

  /** Undefined before the first welcome. */
  get state(): SessionState | undefined {
    return this.#state
  }

  /** The access token in use. */
  get token(): string | undefined {
    return this.#token
  }

  /**
   * Connects for the first time; retries until `timeoutMs` are over.
   * @throws {ParleyError} `unreachable`, `token-failed`, or what the server refused with.
   */
  start(): Promise<Welcome> {
    const { clock, timeoutMs = 15_000 } = this.#options
    return new Promise((resolve, reject) => {
      const stop = clock.after(timeoutMs, () =>
        this.close(
          this.#asking ? tokenTooLate() : new ParleyError('unreachable', undefined, { cause: this.#lastFailure }),
        ),
      )
      this.#first = {
        resolve(welcome) {
          stop()
          resolve(welcome)
        },
        reject(error) {
          stop()
          reject(error)
        },
      }
      this.#connect()
    })
  }

  request<K extends RequestName>(
    name: K,
    input: RequestInput<K>,
    options?: RequestOptions<K>,
  ): Promise<RequestOutput<K>> {
    return this.#queue.request(name, input, options)
  }

  on<K extends EventName>(event: K, listener: (payload: EventPayload<K>) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  /** Something may have changed (another network, a laptop that woke up): reconnects at once, or checks the connection. */
  wake(): void {
    if (this.#state?.status === 'reconnecting' && this.#state.retryAt !== undefined) this.#connect()
    else if (this.#state?.status === 'connected') this.#probe()
  }

  /** The page is being closed: tells the server at once. {@link wake} reconnects, with nothing left of the session. */
  suspend(): void {
    if (this.#state?.status === 'closed') return
    this.#link?.leave()
    if (this.#ticket !== undefined && this.#identity !== undefined) {
      this.#options.sayGoodbye?.({ ticket: this.#ticket, identity: this.#identity })
    }
    this.#lost()
    this.#waitUntil(this.#options.clock.now())
  }

  /** @param error Why, if the application did not ask for it. */
  close(error?: ParleyError): void {
    if (this.#state?.status === 'closed') return
    this.#attempt++
    this.#stopTimer()
    this.#renewal.stop()
    this.#link?.leave()
    this.#link = undefined
    const first = this.#first
    this.#first = undefined
    this.#queue.close(error ?? new ParleyError('closed'))
    this.#enter({ status: 'closed', error }, first !== undefined)
    first?.reject(error ?? new ParleyError('closed'))
    this.#events.clear()
  }

  #connect(): void {
    const attempt = ++this.#attempt
    const { clock, openLink } = this.#options
    this.#stopTimer()
    this.#waitUntil(undefined)
    this.#stopTimer = clock.after(attemptMs, () => {
      this.#link?.drop()
      this.#down({ broken: this.#asking ? tokenTooLate() : new ParleyError('timeout') })
    })
    const current = () => attempt === this.#attempt
    this.#credentials().then(
      auth => {
        if (!current()) return
        this.#link = openLink(auth, {
          welcome: welcome => current() && this.#welcomed(welcome),
          event: (name, payload, place) => current() && this.#received(name, payload, place),
          polling: polls => current() && this.#enter({ status: 'connected', ...(polls && { polling: true }) }),
          down: why => current() && this.#down(why),
        })
      },
      error => current() && this.#down({ broken: error }),
    )
  }

  async #credentials(): Promise<Handshake> {
    const { token, name, tab } = this.#options
    const fresh = typeof token === 'function' ? await this.#ask(token) : (this.#token ?? token)
    return {
      clock: this.#options.clock.now(),
      ...(fresh !== undefined && { token: fresh }),
      ...(name !== undefined && { name }),
      ...(tab !== undefined && { tab }),
      ...(this.#ticket !== undefined && { ticket: this.#ticket }),
      ...(this.#after !== undefined && { after: this.#after }),
    }
  }

  /** A token from the application. @throws {ParleyError} `token-failed` */
  async #ask(token: () => string | Promise<string>): Promise<string> {
    this.#asking = true
    try {
      const fresh: unknown = await token()
      if (typeof fresh === 'string' && fresh !== '') return fresh
      throw new TypeError(`The token function returned ${fresh === '' ? 'no text' : typeof fresh}, not a token.`)
    } catch (cause) {
      throw new ParleyError('token-failed', undefined, { cause })
    } finally {
      this.#asking = false
    }
  }

  async #renew(): Promise<number | undefined> {
    const { token: source } = this.#options
    const token = typeof source === 'function' ? await this.#ask(source) : this.#token
    if (token === undefined) return undefined
    const renewed = await this.#queue.request('session.renew', { token })
    this.#token = renewed.token
    this.#options.onIceServers(renewed.iceServers)
    return this.#here(renewed.until)
  }

  /** Converts a time of the server's clock to ours. */
  #here(time: number | undefined): number | undefined {
    return time === undefined ? undefined : time - this.#serverAhead
  }

  #welcomed(welcome: Welcome): void {
    const link = this.#link
    if (!link) return
    this.#stopTimer()
    this.#failures = 0
    this.#tokenRefreshed = false
    this.#token = welcome.token
    this.#serverAhead = welcome.at - this.#options.clock.now()
    this.#renewal.begin(this.#here(welcome.until))
    this.#ticket = welcome.ticket
    this.#identity = welcome.identity
    if (!welcome.resumed) this.#after = undefined
    this.#queue.open(link)
    const restored = this.#options.onWelcome(welcome)
    this.#enter({ status: 'connected' })
    restored.then(
      () => this.#link === link && this.#queue.release(),
      error => this.close(new ParleyError('internal', undefined, { cause: error })),
    )
    this.#first?.resolve(welcome)
    this.#first = undefined
  }

  #received(name: string, payload: unknown, place: number | undefined): void {
    if (place !== undefined) {
      if (this.#after !== undefined && place <= this.#after) return
      this.#after = place
    }
    if (name === 'session.ended') {
      this.close(ParleyError.fromWire(payload as EventPayload<'session.ended'> as WireError))
      return
    }
    // The server is trusted to follow the protocol, and an event that this version does not know has no listeners.
    this.#events.emit(name as EventName, payload as EventPayload<EventName>)
  }

  #down(why: LinkDown): void {
    this.#lost()
    this.#lastFailure = 'refused' in why ? ParleyError.fromWire(why.refused) : why.broken
    const hopeless = this.#first && isTokenFailure(this.#lastFailure) ? this.#lastFailure : undefined
    const verdict = 'refused' in why ? this.#judge(why.refused.code) : 'retry'
    if (hopeless) this.close(hopeless)
    else if (verdict === 'give-up' && 'refused' in why) this.close(ParleyError.fromWire(why.refused))
    else if (verdict === 'refresh-token') this.#connect()
    else this.#connectLater()
  }

  #judge(code: ErrorCode): Verdict {
    const canRefresh = typeof this.#options.token === 'function' && !this.#tokenRefreshed
    const verdict = judgeRefusal(code, canRefresh)
    if (verdict === 'refresh-token') this.#tokenRefreshed = true
    return verdict
  }

  #connectLater(): void {
    const { clock, random } = this.#options
    const delay = retryDelay(this.#failures++, random())
    this.#stopTimer = clock.after(delay, () => this.#connect())
    this.#waitUntil(clock.now() + delay)
  }

  #lost(): void {
    this.#attempt++
    this.#stopTimer()
    this.#link = undefined
    this.#queue.lost()
  }

  /** The link looks alive but is not: opens another one at once. */
  #reset(): void {
    if (!this.#link) return
    this.#link.drop()
    this.#lost()
    this.#connect()
  }

  #probe(): void {
    const link = this.#link
    const stop = this.#options.clock.after(probeMs, () => link === this.#link && this.#reset())
    // Any answer will do, even a refusal: it proves that the connection works.
    this.#queue.request('ice.servers', {}, { urgent: true }).then(stop, stop)
  }

  #waitUntil(retryAt: number | undefined): void {
    if (this.#first) return
    const since = this.#state?.status === 'reconnecting' ? this.#state.since : this.#options.clock.now()
    this.#enter({ status: 'reconnecting', since, retryAt })
  }

  #enter(state: SessionState, silently = false): void {
    this.#state = state
    if (!silently) this.#options.onState(state)
  }
}

const tokenTooLate = () => new ParleyError('token-failed', 'The application did not get an access token in time.')

function isTokenFailure(failure: unknown): failure is ParleyError {
  return failure instanceof ParleyError && failure.code === 'token-failed'
}
