/**
 * Keeps everybody in their place and adds newcomers at the end, so that tiles move only to close a gap.
 * Returns `previous` itself if nothing changed.
 */
export function stableOrder(previous: readonly string[], present: readonly string[]): readonly string[] {
  const here = new Set(present)
  const known = new Set(previous)
  const next = [...previous.filter(key => here.has(key)), ...[...here].filter(key => !known.has(key))]
  const same = next.length === previous.length && next.every((key, i) => key === previous[i])
  return same ? previous : next
}
