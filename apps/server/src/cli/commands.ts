import type { Command } from './command.ts'
import { config } from './config.ts'
import { doctor } from './doctor.ts'
import { fingerprint } from './fingerprint.ts'
import { key } from './key.ts'
import { nat } from './nat.ts'
import { serve } from './serve.ts'
import { token } from './token.ts'
import { turn } from './turn.ts'

/** Everything `parley` can do. Without a command it serves. */
export const commands: Readonly<Record<string, Command>> = {
  serve,
  turn,
  token,
  key,
  doctor,
  config,
  fingerprint,
  nat,
}
