/** Whether pages of an origin may connect to a server that is called `host`. */
export type AllowOrigin = (origin: string, host: string | undefined) => boolean

const localhost = /^https?:\/\/(localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/

/**
 * The server's own pages, pages of programs on the visitor's machine (a developer's), and what the owner allows.
 * `domain` is the server's public name, for proxies that change the Host header.
 */
export function originPolicy(allowed: readonly string[], domain: string | undefined): AllowOrigin {
  const listed = new Set(domain ? [...allowed, `https://${domain}`] : allowed)
  return (origin, host) => {
    if (listed.has(origin) || localhost.test(origin)) return true
    if (!host || !URL.canParse(origin) || !URL.canParse(`https://${host}`)) return false
    return new URL(origin).origin === new URL(`https://${host}`).origin
  }
}
