import { Banner, Button } from '@parley/ui'
import { hasWebRtc } from '@parley/ui/page'
import { FlaskConical } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { loopbackCodec } from '../loopback/options.ts'
import { freshCall, useLoopback } from '../loopback/store.ts'
import { freshen } from './freshen.ts'

/** Lets the person edit an offer and try it in a new loopback call. */
export function Edit({ offer }: { readonly offer: string }) {
  const { t } = useTranslation('labSdp')
  const [text, setText] = useState(offer)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const phase = useLoopback(state => state.phase)
  useEffect(() => setText(offer), [offer])

  const attempt = async () => {
    setBusy(true)
    setTried(false)
    await freshCall({ ...loopbackCodec.fallback, source: 'stand-in' }, fresh => freshen(text, fresh))
    setBusy(false)
    setTried(true)
  }
  return (
    <div className="space-y-3">
      <Banner tone="warn" title={t('editWarning')}>
        {t('editHint')}
      </Banner>
      <textarea
        aria-label={t('editText')}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={event => setText(event.target.value)}
        className="block h-96 w-full resize-y rounded-lg border border-line-strong/60 bg-surface p-3 font-mono text-xs outline-none focus:border-accent focus:ring-3 focus:ring-accent/20"
      />
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          busy={busy}
          disabled={!hasWebRtc}
          icon={<FlaskConical size={18} aria-hidden="true" />}
          onClick={() => void attempt()}
        >
          {t('editApply')}
        </Button>
        <Button disabled={busy || text === offer} onClick={() => setText(offer)}>
          {t('editReset')}
        </Button>
      </div>
      {tried && phase.phase === 'connected' && <Banner title={t('editWorked')} actions={<Open />} />}
      {tried && phase.phase === 'failed' && (
        <Banner
          tone="danger"
          role="alert"
          title={t('editFailed', { error: phase.error || phase.step })}
          actions={<Open />}
        />
      )}
    </div>
  )
}

function Open() {
  const { t } = useTranslation('labSdp')
  return (
    <Link href="/lab/loopback" className="inline-flex min-h-11 items-center underline underline-offset-2">
      {t('editOpen')}
    </Link>
  )
}
