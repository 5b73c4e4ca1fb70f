import { z } from 'zod'

/** Media goes straight between people, or everybody sends once and the server forwards. */
export const topology = z.enum(['mesh', 'sfu'])
export type Topology = z.output<typeof topology>

/** What a room is made for; `auto`: two people are a mesh if they find a path, and the third lifts everybody to the SFU. */
export const topologyWish = z.enum(['auto', 'mesh', 'sfu'])
export type TopologyWish = z.output<typeof topologyWish>

export const roomTopology = z.object({
  wish: topologyWish,
  now: topology,
})
export type RoomTopology = z.output<typeof roomTopology>
