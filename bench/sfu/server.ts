import { readFileSync } from 'node:fs'
import type { End, RemoteEnd } from './sdp.ts'

/** Linux counts CPU time in hundredths of a second, for every program. */
const usPerTick = 10_000

/** A server under load, in a process of its own. */
export interface SfuServer {
  readonly pid: number
  /** Lets somebody into a room who sends video with this SSRC. */
  publish(room: number, end: End, ssrc: number): Promise<RemoteEnd>
  /** Lets somebody into a room who receives the video that is sent there. */
  play(room: number, end: End): Promise<RemoteEnd>
  /** Lets somebody leave with a goodbye, if the server knows one. */
  leave?(end: End): Promise<void>
  close(): Promise<void>
}

/** µs of CPU that a process has used so far, by all threads. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * usPerTick
}

/** Resident bytes of a process. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}
