/** The three parts of a candidate's priority, as they stand in the number (RFC 8445 §5.1.2.1). */
export interface PriorityParts {
  /** Type preference, 0..126: host 126, peer reflexive 110, server reflexive 100, relayed 0, as recommended. */
  readonly type: number
  /** Local preference, 0..65535: one network interface or address family before another. */
  readonly local: number
  /** Component preference: 256 minus the component's number, so 255 for RTP. */
  readonly component: number
}

/**
 * Takes `priority = 2^24 * type + 2^8 * local + (256 - component)` apart. Undefined for what is no priority: it takes a
 * whole number from 1 to 2^31 - 1.
 */
export function splitPriority(priority: number | null | undefined): PriorityParts | undefined {
  if (!Number.isInteger(priority) || priority == null || priority < 1 || priority > 0x7fffffff) return undefined
  return { type: priority >>> 24, local: (priority >>> 8) & 0xffff, component: priority & 0xff }
}

/** `126 | 32542 | 255`. */
export function priorityInWords({ type, local, component }: PriorityParts): string {
  return `${type} | ${local} | ${component}`
}
