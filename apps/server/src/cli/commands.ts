import type { Command } from './command.ts'
import { config } from './config.ts'
import { fingerprint } from './fingerprint.ts'
import { nat } from './nat.ts'
import { serve } from './serve.ts'
import { token } from './token.ts'

/** Everything `parley` can do. Without a command it serves. */
export const commands: Readonly<Record<string, Command>> = { serve, token, config, fingerprint, nat }
