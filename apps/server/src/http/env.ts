import type { HttpBindings } from '@hono/node-server'
import type { TokenClaims } from '@parley/protocol'
import type { Context } from 'hono'

/** What every handler is given beside the request: Node's own request and response. */
export interface Env {
  Bindings: HttpBindings
  Variables: {
    /** The claims of the request's admin token; set by routes that ask for one. */
    admin: TokenClaims
  }
}

export type ServerContext = Context<Env>
