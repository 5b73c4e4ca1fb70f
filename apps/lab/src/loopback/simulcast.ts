/**
 * Browsers send simulcast but do not offer to receive it, so a loopback call would fall back to one layer. The RTP
 * stream id (`rid`) and the `mid` have the same format on the wire: telling the callee that each rid is the mid of a
 * section of its own lets it receive every layer as a track (RFC 8852 §3.3, RFC 9143 §15). Text in, text out.
 */
const midUri = 'urn:ietf:params:rtp-hdrext:sdes:mid'
const ridUri = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'
const repairedUri = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id'

export interface Layers {
  /** The mid of the section that is sent as simulcast. */
  readonly mid: string
  readonly rids: readonly string[]
  /** The header extension ids that the offer assigns to mid and rid. */
  readonly midExtension: string | undefined
  readonly ridExtension: string
}

/** The first section of an offer that is sent as simulcast; undefined if there is none. */
export function layersOf(offer: string): Layers | undefined {
  for (const section of splitSections(offer).slice(1)) {
    const rids = lines(section).flatMap(line => /^a=rid:(\S+) send/.exec(line)?.[1] ?? [])
    const mid = midOf(section)
    const ridExtension = extensionId(section, ridUri)
    if (rids.length > 1 && mid !== undefined && ridExtension !== undefined)
      return { mid, rids, ridExtension, midExtension: extensionId(section, midUri) }
  }
  return undefined
}

/** The offer as the callee sees it, with one section per layer. */
export function spreadLayers(offer: string, { mid, rids, ridExtension }: Layers): string {
  return splitSections(offer)
    .map((section, i) => {
      if (i === 0) return section.replace(/^a=group:BUNDLE.*$/m, group => renameMids(group, mid, rids))
      const plain = without(section, line => hasUri(line, midUri) || hasUri(line, repairedUri))
      if (midOf(section) !== mid) return without(plain, line => hasUri(line, ridUri))
      const base = without(plain, line => /^a=(rid|simulcast|ssrc|ssrc-group|msid):?/.test(line))
      return rids
        .map(rid =>
          base
            .replace(/^a=mid:.*$/m, `a=mid:${rid}\r\na=msid:layers ${rid}`)
            .replace(new RegExp(`^a=extmap:${ridExtension}(\\S*) .*$`, 'm'), `a=extmap:${ridExtension}$1 ${midUri}`),
        )
        .join('')
    })
    .join('')
}

/** The callee's answer as the caller sees it: the layers back in one section, all accepted. */
export function gatherLayers(answer: string, { mid, rids, midExtension, ridExtension }: Layers): string {
  return splitSections(answer)
    .flatMap((section, i) => {
      if (i === 0) return [section.replace(/^a=group:BUNDLE.*$/m, group => mergeMids(group, mid, rids))]
      const own = midOf(section)
      if (own === undefined || !rids.includes(own)) return [section]
      if (own !== rids[0]) return []
      const named = section
        .replace(/^a=mid:.*$/m, `a=mid:${mid}`)
        .replace(new RegExp(`^a=extmap:${ridExtension}(\\S*) .*$`, 'm'), `a=extmap:${ridExtension}$1 ${ridUri}`)
      const extra = [
        ...(midExtension === undefined ? [] : [`a=extmap:${midExtension} ${midUri}`]),
        ...rids.map(rid => `a=rid:${rid} recv`),
        `a=simulcast:recv ${rids.join(';')}`,
      ]
      return [`${named}${extra.join('\r\n')}\r\n`]
    })
    .join('')
}

/** Splits a description into sections, line ends included; the first is the session section. */
function splitSections(sdp: string): string[] {
  return sdp.split(/(?=^m=)/m)
}

const lines = (section: string) => section.split(/\r?\n/)
const midOf = (section: string) => /^a=mid:(\S+)/m.exec(section)?.[1]
const hasUri = (line: string, uri: string) => line.startsWith('a=extmap:') && line.endsWith(` ${uri}`)
const extensionId = (section: string, uri: string) =>
  lines(section)
    .find(line => hasUri(line, uri))
    ?.match(/^a=extmap:(\d+)/)?.[1]

function without(section: string, drop: (line: string) => boolean): string {
  return lines(section)
    .filter(line => !drop(line))
    .join('\r\n')
}

const renameMids = (group: string, mid: string, rids: readonly string[]) =>
  group
    .split(' ')
    .flatMap(each => (each === mid ? rids : [each]))
    .join(' ')

function mergeMids(group: string, mid: string, rids: readonly string[]): string {
  const merged = group.split(' ').map(each => (rids.includes(each.trim()) ? mid : each))
  return [...new Set(merged)].join(' ')
}
