import type { z } from 'zod'

const longest = 200

/** Why a value does not fit its schema, in one sentence that names the place: `tracks[0].muted: expected boolean`. */
export function explain(error: z.ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'The value does not fit.'
  const place = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    '',
  )
  const sentence = place ? `${place}: ${issue.message}` : issue.message
  return sentence.length > longest ? `${sentence.slice(0, longest)}…` : sentence
}
