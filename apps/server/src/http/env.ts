import type { HttpBindings } from '@hono/node-server'
import type { TokenClaims } from '@parley/protocol'
import type { Context } from 'hono'

/** What every handler is given beside the request: Node's own request and response. */
export interface Env {
  Bindings: HttpBindings
  Variables: {
    /** Whose admin token the request carries; set where one is asked for. */
    admin: TokenClaims
  }
}

export type ServerContext = Context<Env>
