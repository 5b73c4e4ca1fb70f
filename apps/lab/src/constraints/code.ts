import type { InputKind } from './wishes.ts'

/** JavaScript that makes the same request, ready to copy. */
export function codeFor(kind: InputKind, constraints: MediaTrackConstraints): string {
  const medium = kind === 'camera' ? 'video' : 'audio'
  const asked = Object.keys(constraints).length === 0 ? 'true' : literal(constraints, 1)
  return `const stream = await navigator.mediaDevices.getUserMedia({\n  ${medium}: ${asked},\n})\n`
}

/** JavaScript that applies the same constraints to a track that is already open. */
export function applyCodeFor(constraints: MediaTrackConstraints): string {
  return `await track.applyConstraints(${literal(constraints, 0)})\n`
}

function literal(value: unknown, depth: number): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  if (depth > 1) return `{ ${entries.map(([name, each]) => `${name}: ${literal(each, depth + 1)}`).join(', ')} }`
  const indent = '  '.repeat(depth + 1)
  const lines = entries.map(([name, each]) => `${indent}${name}: ${literal(each, Math.max(2, depth + 1))},\n`)
  return `{\n${lines.join('')}${'  '.repeat(depth)}}`
}
