import { CSPProvider } from '@base-ui/react/csp-provider'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Toasts } from '../components/toasts.tsx'
import { TooltipProvider } from '../components/tooltip.tsx'
import { LiveRegion } from '../page/live-region.tsx'
import { ErrorBoundary } from './error-boundary.tsx'

/** What lies around every page: the words in place of one that threw, toasts, the live region. */
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
