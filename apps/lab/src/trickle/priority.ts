/** The three parts that make up a candidate's priority (RFC 8445 §5.1.2.1). */
export interface PriorityParts {
  /** Type preference, 0..126: host 126, peer reflexive 110, server reflexive 100, relayed 0, as recommended. */
  readonly type: number
  /** Local preference, 0..65535: ranks network interfaces and address families. */
  readonly local: number
  /** Component preference: 256 minus the component's number, so 255 for RTP. */
  readonly component: number
}

/**
 * Splits `priority = 2^24 * type + 2^8 * local + (256 - component)` into its parts. Undefined for anything but an
 * integer from 1 to 2^31 - 1.
 */
export function splitPriority(priority: number | null | undefined): PriorityParts | undefined {
  if (!Number.isInteger(priority) || priority == null || priority < 1 || priority > 0x7fffffff) return undefined
  return { type: priority >>> 24, local: (priority >>> 8) & 0xffff, component: priority & 0xff }
}

/** The parts as text, such as `126 | 32542 | 255`. */
export function priorityInWords({ type, local, component }: PriorityParts): string {
  return `${type} | ${local} | ${component}`
}
