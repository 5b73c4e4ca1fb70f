/** The result of one check. A failure says what to change; a note is worth knowing but not a failure. */
export type Finding =
  | { readonly check: string; readonly result: 'good'; readonly detail: string }
  | { readonly check: string; readonly result: 'note' | 'bad'; readonly detail: string; readonly remedy: string }

/** As it appears on the start screen and in the log. */
export function sentence(finding: Finding): string {
  const words = `${finding.check}: ${finding.detail}.`
  return 'remedy' in finding ? `${words} ${finding.remedy}` : words
}

export function good(check: string, detail: string): Finding {
  return { check, result: 'good', detail }
}

export function bad(check: string, detail: string, remedy: string): Finding {
  return { check, result: 'bad', detail, remedy }
}

export function note(check: string, detail: string, remedy: string): Finding {
  return { check, result: 'note', detail, remedy }
}
