import type { AdminAccess } from './admin-access.ts'
import { isFromThisMachine } from './client-address.ts'
import type { ServerContext } from './env.ts'

/**
 * Whether somebody asks who may know which version runs here and where: on this machine, or with the token of an operator. A
 * token that is none, or is no good, is refused as everywhere (throws AppError).
 */
export async function isInsider(c: ServerContext, admin: AdminAccess): Promise<boolean> {
  if (isFromThisMachine(c.env.incoming)) return true
  if (c.req.header('authorization') === undefined) return false
  return (await admin(c)).room === undefined
}
