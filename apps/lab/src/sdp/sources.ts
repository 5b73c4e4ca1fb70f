import { useEffect } from 'react'
import { useLoopback } from '../loopback/store.ts'
import { followCalls, useLiveCalls, watchCall } from '../statistics/watch.ts'

/** A description of a running call, which can be chosen instead of pasting one. */
export interface SdpSource {
  readonly id: string
  readonly kind: 'loopback-offer' | 'loopback-answer' | 'live-local' | 'live-remote'
  readonly call: string
  readonly connection: string
  readonly sdp: string
}

/** The descriptions of all calls in this browser, with this page's loopback first. */
export function useSdpSources(): readonly SdpSource[] {
  useEffect(followCalls, [])
  const calls = useLiveCalls(state => state.calls).filter(({ kind }) => kind === 'meeting')
  const newest = useLiveCalls(state => state.newest)
  const ids = calls.map(({ call }) => call).join(' ')
  useEffect(() => {
    const stops = ids.split(' ').flatMap(id => (id === '' ? [] : [watchCall(id)]))
    return () => {
      for (const stop of stops) stop()
    }
  }, [ids])
  const offer = useLoopback(state => state.offer)
  const answer = useLoopback(state => state.answer)
  const own = (kind: SdpSource['kind'], sdp: string | undefined): readonly SdpSource[] =>
    sdp === undefined ? [] : [{ id: kind, kind, call: '', connection: '', sdp }]
  const live = calls.flatMap(({ call, title }) =>
    (newest[call]?.connections ?? []).flatMap(connection =>
      (['local', 'remote'] as const).flatMap((side): readonly SdpSource[] => {
        const sdp = connection[`${side}Description`]
        const id = `${call} ${connection.id} ${side}`
        return sdp ? [{ id, kind: `live-${side}`, call: title, connection: connection.label, sdp }] : []
      }),
    ),
  )
  return [...own('loopback-offer', offer), ...own('loopback-answer', answer), ...live]
}
