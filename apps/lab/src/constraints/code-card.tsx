import { Button } from '@parley/ui'
import { announce, copyText } from '@parley/ui/page'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card, ScrollBox } from '../shell/card.tsx'
import { codeFor } from './code.ts'
import type { InputKind } from './wishes.ts'

const shownMs = 2000

export interface CodeCardProps {
  readonly kind: InputKind
  readonly constraints: MediaTrackConstraints
}

/** Shows JavaScript that makes the same request. */
export function CodeCard({ kind, constraints }: CodeCardProps) {
  const { t } = useTranslation('labConstraints')
  const { t: common } = useTranslation()
  const [copied, setCopied] = useState(false)
  const code = codeFor(kind, constraints)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    if (!(await copyText(code))) return
    setCopied(true)
    announce(common('copied'))
  }
  return (
    <Card
      title={t('code')}
      actions={
        <Button
          icon={copied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
          onClick={() => void copy()}
        >
          {common(copied ? 'copied' : 'copy')}
        </Button>
      }
    >
      <ScrollBox label={t('code.text')} className="bg-sunken p-4">
        <pre className="font-mono text-sm">{code}</pre>
      </ScrollBox>
    </Card>
  )
}
