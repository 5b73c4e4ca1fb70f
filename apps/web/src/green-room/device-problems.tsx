import { Banner, Button } from '@parley/ui'
import { adviceSteps, browserKind } from '@parley/ui/page'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { retryInput } from '../media/media.ts'
import { type Problem, problemsOf } from '../media/problems.ts'
import { useMedia } from '../media/store.ts'

/** What keeps the microphone or camera from working, and what to do; one message if both fail for the same reason. */
export function DeviceProblems() {
  const microphone = useMedia(media => media.microphone)
  const camera = useMedia(media => media.camera)
  const permissions = useMedia(media => media.permissions)
  const problems = problemsOf({ microphone, camera }, permissions)
  return problems.map(problem => <DeviceProblem key={problem.what + problem.code} problem={problem} />)
}

function DeviceProblem({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation('greenRoom')
  const { t: common } = useTranslation()
  const { what, code, device, kinds } = problem
  const [busy, setBusy] = useState(false)
  const retry = async () => {
    setBusy(true)
    await Promise.all(kinds.map(retryInput))
    setBusy(false)
  }
  // A blocked permission needs no retry: the browser reports when it changes, and the device then opens by itself.
  const canRetry = code !== 'media-unsupported'
  return (
    <Banner
      tone={code === 'media-dismissed' ? 'info' : 'warn'}
      title={device && code === 'media-busy' ? t('problem.busyNamed', { device }) : t(`problem.${code}.${what}`)}
      actions={
        canRetry && (
          <Button onClick={retry} busy={busy}>
            {code === 'media-dismissed' ? t('askAgain') : common('tryAgain')}
          </Button>
        )
      }
    >
      {code === 'media-denied' ? <Steps /> : t(`hint.${code}`)}
    </Banner>
  )
}

function Steps() {
  const { t } = useTranslation()
  const kind = browserKind(navigator.userAgent, navigator.maxTouchPoints)
  return (
    <ol className="mt-1 list-decimal space-y-1 pl-5">
      {adviceSteps[kind].map(key => (
        <li key={key}>{t(key)}</li>
      ))}
    </ol>
  )
}
