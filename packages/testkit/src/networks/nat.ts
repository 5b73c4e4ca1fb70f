/** How a NAT treats its inside, in the classic names (RFC 3489 §5) that nftables can play. */
export type NatKind = ClassicNatKind | 'https-only'
export type ClassicNatKind = (typeof natKinds)[number]

/** Those of the NAT matrix: what is stricter than no UDP makes no difference to two people. */
export const natKinds = ['full-cone', 'port-restricted', 'symmetric', 'udp-blocked'] as const

/**
 * The nftables rules of a NAT between its interfaces `wan` and `lan`, for one host inside.
 *
 * A full cone sends everything from outside to the host; netfilter keeps source ports where it can, which makes plain
 * masquerading a port-restricted cone; `fully-random` gives each destination a port of its own.
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

/** What nobody inside asked for is dropped before it is tracked: otherwise it would take the port of the mapping to come. */
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
