import { TrendingDown } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useView } from '../context.ts'
import { Pill } from '../stage/pill.tsx'
import { LoweredWatch } from './lowered.ts'

/** Shown only while the browser itself says that the network holds our picture back. */
export function VideoLowered() {
  const { t } = useTranslation('meeting')
  const stats = useView(state => state.stats)
  const watch = useRef(new LoweredWatch())
  const [lowered, setLowered] = useState(false)
  useEffect(() => {
    if (stats) setLowered(watch.current.receive(stats))
  }, [stats])
  if (!lowered) return null
  return <Pill icon={<TrendingDown size={16} aria-hidden="true" className="shrink-0" />}>{t('videoLowered')}</Pill>
}
