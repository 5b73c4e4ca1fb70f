import { DtlsContext, makeDtlsCertificate } from '@parley/dtls'
import type { ToMedia } from '../../control.ts'
import { Router } from '../../router/router.ts'
import { FakeNet } from '../../testing/fake-net.ts'
import { MediaCore } from '../../worker/media-core.ts'

let context: DtlsContext | undefined

/** A media worker that takes what it is told, without a network; throws as a real one would. */
export function realWorker(): (message: ToMedia) => void {
  context ??= new DtlsContext({ ...makeDtlsCertificate(), simulatedTime: true })
  const report = () => {}
  const net = new FakeNet()
  const carrier = { outgoing: net.outgoing, reserve: (bytes: number) => net.reserve(bytes), send: () => true }
  const core = new MediaCore({ dtls: context, outgoing: net, router: new Router({ report, carrier }), report })
  return message => core.command(message, 0)
}
