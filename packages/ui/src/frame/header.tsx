import { FlaskConical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Appearance } from './appearance.tsx'

/** The bar at the top of every page except the meeting. */
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

/** The logo: two voices that meet. */
function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <path
        d="M13 4.5a8.5 8.5 0 0 0-8.5 8.5v10.2c0 1.1 1.3 1.6 2 .8l2.6-2.5H13a8.5 8.5 0 0 0 0-17Z"
        className="fill-accent"
      />
      <path
        d="M19 10.5a8.5 8.5 0 0 1 8.5 8.5v8.2c0 1.1-1.3 1.6-2 .8l-.9-.9a1.6 1.6 0 0 0-1.2-.6H19a8.5 8.5 0 0 1-7.9-5.3H13a8.6 8.6 0 0 0 8.2-11Z"
        className="fill-accent opacity-45"
      />
    </svg>
  )
}
