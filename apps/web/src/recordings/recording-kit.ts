/** Everything that records, plays and repairs: fetched when first used, and never with the first page. */
export { RecordingError, Recordings, record } from '@parley/recording'
