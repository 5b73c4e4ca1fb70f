export { SfuRooms } from './sfu-rooms.ts'
export type {
  ConnectionLost,
  MediaWorker,
  Part,
  RoomInspection,
  RoomsCounters,
  RoomsEvent,
  SfuRoomsOptions,
} from './types.ts'
