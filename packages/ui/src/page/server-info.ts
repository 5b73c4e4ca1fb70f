import type { ServerInfo } from '@parley/protocol'
import { parseUrl } from '@parley/protocol/url'
import { create } from 'zustand'

/** What the server says about itself; undefined until it has answered. */
export const useServerInfo = create<{ readonly info: ServerInfo | undefined }>()(() => ({ info: undefined }))

/** Asks the server; without an answer, links are made from this page's own address. */
export async function loadServerInfo(): Promise<void> {
  try {
    const response = await fetch('/api/info', { headers: { accept: 'application/json' } })
    if (!response.ok) return
    const info: ServerInfo = await response.json()
    if (Array.isArray(info.urls)) useServerInfo.setState({ info })
  } catch (error) {
    console.warn('The server did not say what it is:', error)
  }
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/i

/** An origin of this server that works on other devices: this page's own, unless that is a loopback address. */
export function shareableOrigin(page: Pick<Location, 'origin' | 'hostname'>, urls: readonly string[]): string {
  return loopback.test(page.hostname) ? (urls[0] ?? page.origin) : page.origin
}

/** {@link shareableOrigin} of this page. */
export function useShareableOrigin(): string {
  return useServerInfo(({ info }) => shareableOrigin(location, info?.urls ?? []))
}

/** This page over HTTPS: at the address the server gives for this host, else its first, else this host with https. */
export function secureLink(page: Pick<Location, 'hostname' | 'pathname' | 'hash'>, urls: readonly string[]): string {
  const same = urls.find(url => parseUrl(url)?.hostname === page.hostname)
  const origin = same ?? urls[0] ?? `https://${page.hostname}`
  return origin + page.pathname + page.hash
}
