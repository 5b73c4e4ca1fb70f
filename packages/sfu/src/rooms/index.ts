export { SfuRooms } from './sfu-rooms.ts'
export type {
  AnnouncedTrack,
  CarriedTrack,
  ConnectionLost,
  MediaBody,
  MediaSignal,
  MediaWorker,
  Part,
  RoomInspection,
  RoomsCounters,
  RoomsEvent,
  SfuRoomsOptions,
  SubscriptionState,
  SubscriptionWishes,
} from './types.ts'
