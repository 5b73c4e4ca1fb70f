import { Select } from '@parley/ui'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { Option } from '../shell/option.tsx'
import { type LoopbackOptions, videoCodecs } from './options.ts'

interface OptionsCardProps {
  readonly options: LoopbackOptions
  readonly change: (patch: Partial<LoopbackOptions>) => void
  /** Whether media has started, which fixes some of the options. */
  readonly started: boolean
  readonly called: boolean
}

const flags = ['simulcast', 'voiceActivity', 'receiveAudio', 'receiveVideo', 'iceRestart'] as const
const caps = [0, 100, 250, 500, 1000, 2500] as const

/** The options of the call. */
export function OptionsCard({ options, change, started, called }: OptionsCardProps) {
  const { t } = useTranslation('labLoopback')
  const codecs = videoCodecs(globalThis.RTCRtpSender?.getCapabilities('video'))
  const numbers = (upTo: number) => Array.from({ length: upTo + 1 }, (_, n) => ({ value: String(n), label: String(n) }))
  return (
    <Card title={t('options')} hint={t('optionsHint')}>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-1">
        <Select
          label={t('option.source')}
          value={options.source}
          options={[
            { value: 'auto', label: t('source.auto') },
            { value: 'stand-in', label: t('source.stand-in') },
          ]}
          disabled={started}
          onChange={source => change({ source })}
        />
        <div className="grid grid-cols-2 gap-3">
          <Select
            label={t('option.audioTracks')}
            value={String(options.audioTracks)}
            options={numbers(2)}
            disabled={started}
            onChange={count => change({ audioTracks: Number(count) })}
          />
          <Select
            label={t('option.videoTracks')}
            value={String(options.videoTracks)}
            options={numbers(3)}
            disabled={started}
            onChange={count => change({ videoTracks: Number(count) })}
          />
        </div>
        <div className="grid grid-cols-2 gap-3">
          <Select
            label={t('option.codec')}
            value={codecs.includes(options.codec) ? options.codec : 'any'}
            options={[{ value: 'any', label: t('codecAny') }, ...codecs.map(name => ({ value: name, label: name }))]}
            disabled={called}
            onChange={codec => change({ codec })}
          />
          <Select
            label={t('option.maxKbps')}
            value={String(caps.find(cap => cap === options.maxKbps) ?? 0)}
            options={caps.map(cap => ({ value: String(cap), label: cap === 0 ? t('capNone') : `${cap} kbit/s` }))}
            onChange={cap => change({ maxKbps: Number(cap) })}
          />
        </div>
      </div>
      <div className="-mx-2 mt-3 grid sm:grid-cols-2 lg:grid-cols-1">
        {flags.map(name => (
          <Option
            key={name}
            pressed={options[name]}
            disabled={called && name !== 'iceRestart' && name !== 'voiceActivity'}
            onPressedChange={pressed => change({ [name]: pressed })}
            hint={t(`option.${name}.hint`)}
          >
            {t(`option.${name}`)}
          </Option>
        ))}
      </div>
    </Card>
  )
}
