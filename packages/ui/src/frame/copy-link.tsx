import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { copyText } from '../page/clipboard.ts'
import { announce } from '../page/live-region.tsx'
import { toast } from '../page/toasts.ts'

const shownMs = 2000

/** Copies a link and says so; if the browser does not allow it, shows the link to be copied by hand. */
export function CopyLink({ link, iconOnly = false }: { readonly link: string; readonly iconOnly?: boolean }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async () => {
    if (!(await copyText(link))) return void toast({ title: link, timeoutMs: 0 })
    setCopied(true)
    announce(t('linkCopied'))
  }
  const icon = copied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />
  if (iconOnly) {
    return (
      <IconButton
        label={t('copyLink')}
        tooltip={copied ? t('copied') : t('copyLink')}
        icon={icon}
        onClick={copy}
        className="text-ink-soft"
      />
    )
  }
  return (
    <Button onClick={copy} icon={icon}>
      {copied ? t('copied') : t('copyLink')}
    </Button>
  )
}
