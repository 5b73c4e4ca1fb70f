import type { ServerTrouble } from '@parley/protocol'
import type { Log } from '../log/log.ts'
import { type Finding, sentence } from './finding.ts'

/** What a finding can be about: what guests notice, and what concerns the operator alone. */
export type Subject = ServerTrouble | 'turn-credentials' | 'open-files' | 'data-folder' | 'node'

export interface TroublesOptions {
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Known {
  readonly subject: Subject
  readonly finding: Finding
  readonly saidAt: number
}

/** What has not been mended is logged again each day. */
const repeatMs = 24 * 3600 * 1000

/**
 * What is wrong with the running server, or soon will be. Each finding is logged with its remedy when it appears, again each day,
 * and when it is over.
 */
export class Troubles {
  readonly #options: TroublesOptions
  readonly #known = new Map<string, Known>()

  constructor(options: TroublesOptions) {
    this.#options = options
  }

  /** The latest result of a check, in place of its previous one. */
  report(subject: Subject, ...findings: readonly Finding[]): void {
    for (const finding of findings) this.#take(subject, finding)
  }

  /** In the order in which they were found. */
  list(): Finding[] {
    return [...this.#known.values()].map(({ finding }) => finding)
  }

  /** What is bad now. */
  subjects(): Set<Subject> {
    return new Set(
      [...this.#known.values()].filter(({ finding }) => finding.result === 'bad').map(({ subject }) => subject),
    )
  }

  #take(subject: Subject, finding: Finding): void {
    const { log, now } = this.#options
    const { check } = finding
    const known = this.#known.get(check)
    if (finding.result === 'good') {
      if (this.#known.delete(check)) log.info({ check }, `${check}: well again`)
      return
    }
    const same =
      known?.finding.result === finding.result && 'remedy' in known.finding && known.finding.remedy === finding.remedy
    const saidAt = known && same && now() - known.saidAt < repeatMs ? known.saidAt : undefined
    this.#known.set(check, { subject, finding, saidAt: saidAt ?? now() })
    if (saidAt !== undefined) return
    log[finding.result === 'bad' ? 'error' : 'warn']({ check, remedy: finding.remedy }, sentence(finding))
  }
}
