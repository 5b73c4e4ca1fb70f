/**
 * Whoever was there keeps their place, whoever is new comes last: nothing on the stage moves but to close a gap.
 * Returns `previous` itself where nothing changed.
 */
export function stableOrder(previous: readonly string[], present: readonly string[]): readonly string[] {
  const here = new Set(present)
  const known = new Set(previous)
  const next = [...previous.filter(key => here.has(key)), ...[...here].filter(key => !known.has(key))]
  const same = next.length === previous.length && next.every((key, i) => key === previous[i])
  return same ? previous : next
}
