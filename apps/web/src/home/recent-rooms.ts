import { load, save } from '@parley/ui/page'
import { create } from 'zustand'
import { toRoomName } from './room-code.ts'

export interface RecentRoom {
  readonly name: string
  /** When it was last joined, ms since 1970. */
  readonly at: number
}

const key = 'parley.recent-rooms'
const most = 8

/** Moves a room to the front, without duplicates, and drops the oldest ones that do not fit. */
export function withRoom(rooms: readonly RecentRoom[], name: string, now: number): readonly RecentRoom[] {
  return [{ name, at: now }, ...rooms.filter(room => room.name !== name)].slice(0, most)
}

/** The valid part of what was stored. */
export function parseRecent(stored: unknown): readonly RecentRoom[] {
  if (!Array.isArray(stored)) return []
  const rooms = stored.flatMap(toRecent)
  // Older versions could store the same room under two spellings.
  return rooms.filter(({ name }, at) => rooms.findIndex(room => room.name === name) === at).slice(0, most)
}

function toRecent(value: unknown): RecentRoom | readonly [] {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('at' in value)) return []
  const name = typeof value.name === 'string' ? toRoomName(value.name) : undefined
  return name !== undefined && typeof value.at === 'number' && Number.isFinite(value.at) ? { name, at: value.at } : []
}

/** Rooms this browser has been in, newest first. The list is never sent anywhere. */
export const useRecentRooms = create<{ readonly rooms: readonly RecentRoom[] }>()(() => ({
  rooms: parseRecent(load(key)),
}))

function set(rooms: readonly RecentRoom[]): void {
  useRecentRooms.setState({ rooms })
  save(key, rooms)
}

export function rememberRoom(name: string): void {
  set(withRoom(parseRecent(load(key)), name, Date.now()))
}

export function forgetRoom(name: string): void {
  set(useRecentRooms.getState().rooms.filter(room => room.name !== name))
}

/** Replaces the list: clears it, or restores it when the person undoes that. */
export function setRecentRooms(rooms: readonly RecentRoom[]): void {
  set(rooms)
}

const units = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

/** “2 hours ago”, “yesterday”, “now”, in the language of `tag`. */
export function ago(at: number, now: number, tag: string): string {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'long' })
  const passed = Math.max(0, now - at)
  for (const { unit, ms } of units) if (passed >= ms) return format.format(-Math.floor(passed / ms), unit)
  return format.format(0, 'second')
}
