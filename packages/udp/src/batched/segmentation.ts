import { getOption, openUdp, SystemError } from '@parley/ffi'
import { MAX_PAYLOAD } from '../types.ts'

/** The largest datagrams that this kernel cuts out of one message (UDP_SEGMENT, Linux 4.18); 0 where it does not. */
export function segmentationLimit(): number {
  const probe = openUdp(4)
  try {
    getOption(probe, 'segment')
    return MAX_PAYLOAD
  } catch (error) {
    if (error instanceof SystemError) return 0
    throw error
  } finally {
    probe.close()
  }
}
