import { Button } from '@parley/ui'
import { announce, canAskToNotify } from '@parley/ui/page'
import { Bell } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Offers to notify of calls while the page is hidden; renders nothing once the person has decided. */
export function NotifyMe() {
  const { t } = useTranslation('calls')
  const [open, setOpen] = useState(canAskToNotify)
  if (!open) return null
  const ask = async () => {
    const permission = await Notification.requestPermission()
    setOpen(canAskToNotify())
    if (permission === 'granted') announce(t('notifyOn'))
  }
  return (
    <Button
      variant="ghost"
      onClick={ask}
      icon={<Bell size={18} aria-hidden="true" />}
      className="mt-3 -ml-4 text-ink-soft"
    >
      {t('notifyMe')}
    </Button>
  )
}
