/** Says of each packet whether a link drops it. */
export type Dropper = (bytes: number, now: number) => boolean

/** Each packet is lost by chance alone. */
export function randomLoss(random: () => number, share: number): Dropper {
  return () => random() < share
}

/** Losses come in bursts (Gilbert's model): `share` is lost on average, in bursts of `meanBurst` packets. */
export function burstyLoss(random: () => number, share: number, meanBurst: number): Dropper {
  const leave = 1 / meanBurst
  const enter = (leave * share) / (1 - share)
  let bad = false
  return () => {
    bad = bad ? random() >= leave : random() < enter
    return bad
  }
}

/** Drops what exceeds a rate, without any queue: a token bucket of `burstBytes`. */
export function policer(bps: number, burstBytes: number): Dropper {
  let tokens = burstBytes
  let at = 0
  return (bytes, now) => {
    tokens = Math.min(burstBytes, tokens + ((now - at) * bps) / 8000)
    at = now
    if (bytes > tokens) return true
    tokens -= bytes
    return false
  }
}
