/** Saves content as a file on the person's device. */
export function download(name: string, content: string | Blob, type = 'application/json'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Once the download has started, it keeps its own reference to the data.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** `parley-lab-loopback-2026-01-31-142233.json`, with the time in UTC. */
export function fileName(what: string, at: Date, extension = 'json'): string {
  const stamp = at.toISOString().replace(/[:]/g, '').replace('T', '-').slice(0, 17)
  return `parley-lab-${what}-${stamp}.${extension}`
}

/** Lets the person choose a file; undefined when none was chosen. */
export function pickFile(accept: string): Promise<File | undefined> {
  return new Promise(resolve => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.onchange = () => resolve(input.files?.[0])
    input.oncancel = () => resolve(undefined)
    input.click()
  })
}
