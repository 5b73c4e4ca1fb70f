import { CSPProvider } from '@base-ui/react/csp-provider'
import i18next from 'i18next'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { Toasts } from '../components/toasts.tsx'
import { TooltipProvider } from '../components/tooltip.tsx'
import { LiveRegion } from '../page/live-region.tsx'
import { Notice } from './notice.tsx'

/** Wraps every page: the error boundary, toasts, the live region. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <CSPProvider disableStyleElements>
      <TooltipProvider delay={400}>
        <ErrorBoundary>{children}</ErrorBoundary>
        <Toasts label={t('notifications')} closeLabel={t('close')} />
        <LiveRegion />
      </TooltipProvider>
    </CSPProvider>
  )
}

interface Props {
  readonly children: ReactNode
}

/** Replaces a page that threw with a message, instead of leaving it blank. */
class ErrorBoundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Notice title={i18next.t('error.crashed')} text={i18next.t('error.crashedHint')}>
        <Button variant="primary" onClick={() => location.reload()}>
          {i18next.t('error.reload')}
        </Button>
      </Notice>
    )
  }
}
