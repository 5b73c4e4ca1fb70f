/** Attributes that belong to one peer connection and cannot be reused by another. */
const own = ['ice-ufrag', 'ice-pwd', 'fingerprint', 'tls-id'] as const

/**
 * Makes an edited offer usable for a new peer connection: session id, ICE credentials and certificate fingerprint are
 * taken from an offer of that connection, and candidates are dropped. Everything else stays as edited.
 */
export function freshen(edited: string, fresh: string): string {
  const origin = /^o=.*$/m.exec(fresh)?.[0].trim()
  const values = new Map(own.map(name => [name, new RegExp(`^a=${name}:.*$`, 'm').exec(fresh)?.[0].trim()]))
  const lines = edited
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !/^a=(candidate:|end-of-candidates)/.test(line))
    .map(line => {
      if (line.startsWith('o=')) return origin ?? line
      const name = own.find(each => line.startsWith(`a=${each}:`))
      return (name && values.get(name)) ?? line
    })
  return `${lines.join('\r\n')}\r\n`
}
