/** The kinds of NAT that nftables can imitate, by their classic names (RFC 3489 §5). */
export type NatKind = ClassicNatKind | 'https-only'
export type ClassicNatKind = (typeof natKinds)[number]

/** The kinds in the NAT matrix; being stricter than blocking UDP makes no difference between two people. */
export const natKinds = ['full-cone', 'port-restricted', 'symmetric', 'udp-blocked'] as const

/**
 * The nftables rules of a NAT between its interfaces `wan` and `lan`, for one host inside.
 *
 * A full cone sends everything that comes from outside to the host. Plain masquerading is a port-restricted cone, since netfilter
 * keeps the source port if it can. `fully-random` gives each destination a port of its own, which makes the NAT symmetric.
 */
export function natRules(kind: NatKind, inside: string): string {
  const chains: Record<NatKind, string> = {
    'full-cone': `${masquerade('')}
  chain pre {
    type nat hook prerouting priority -100
    iifname "wan" meta l4proto udp dnat to ${inside}
  }`,
    'port-restricted': masquerade(''),
    symmetric: masquerade('fully-random'),
    'udp-blocked': `${masquerade('')}
  chain firewall {
    type filter hook forward priority 0
    meta l4proto udp drop
  }`,
    'https-only': `${masquerade('')}
  chain firewall {
    type filter hook forward priority 0
    meta l4proto udp drop
    iifname "lan" tcp dport != { 443, 8443 } drop
  }`,
  }
  return `table ip nat {
  ${chains[kind]}
}
`
}

/** Drops unsolicited packets before they are tracked: otherwise they would take the port of a mapping that is still to come. */
function masquerade(how: string): string {
  return `chain post {
    type nat hook postrouting priority 100
    oifname "wan" masquerade ${how}
  }
  chain unsolicited {
    type filter hook input priority 0
    iifname "wan" ct state new drop
  }`
}
