/** Resolves with the first truthy answer; polls until the time is up. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  patienceMs = 180_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + patienceMs
  while (performance.now() < deadline) {
    const found = await look()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`it did not happen in ${patienceMs} ms: ${what}`)
}
