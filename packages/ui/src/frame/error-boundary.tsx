import i18next from 'i18next'
import { Component, type ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly children: ReactNode
}

/** What is shown in place of a page that threw: never a blank one. */
export class ErrorBoundary extends Component<Props, { readonly failed: boolean }> {
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
