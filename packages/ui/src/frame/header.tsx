import { FlaskConical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Appearance } from './appearance.tsx'
import { Logo } from './logo.tsx'

/** The quiet bar on top of every page but the meeting. */
export function Header() {
  const { t } = useTranslation()
  return (
    <header className="mx-auto flex h-16 w-full max-w-6xl shrink-0 items-center gap-2 px-4 sm:px-6">
      <Link
        href="/"
        aria-label={`${t('appName')}: ${t('home')}`}
        className="mr-auto -ml-2 flex h-11 items-center gap-2.5 rounded-lg px-2"
      >
        <Logo />
        <span className="text-lg font-semibold tracking-tight">{t('appName')}</span>
      </Link>
      <Link
        href="/lab/"
        title={t('labHint')}
        aria-label={t('lab')}
        className="flex h-11 min-w-11 items-center justify-center gap-2 rounded-lg px-2.5 text-ink-soft hover:bg-hover"
      >
        <FlaskConical size={20} aria-hidden="true" />
        <span className="max-sm:hidden">{t('lab')}</span>
      </Link>
      <Appearance />
    </header>
  )
}
