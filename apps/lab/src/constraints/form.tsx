import { Button, cx, Select } from '@parley/ui'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { readCapability } from './compare.ts'
import {
  type FieldName,
  fields,
  fieldsOf,
  type InputKind,
  parseValue,
  strengths,
  type Wish,
  type Wishes,
  withWish,
} from './wishes.ts'

export interface FormProps {
  readonly kind: InputKind
  readonly wishes: Wishes
  readonly onChange: (wishes: Wishes) => void
  /** Capabilities of the open track, which set the ends of the sliders. */
  readonly capabilities: Readonly<Record<string, unknown>>
  /** Applies the constraints to the open track; undefined while none is open. */
  readonly onApply: (() => void) | undefined
}

/** Form for the constraints to request. Numbers get a slider if the open device reports their range. */
export function Form({ kind, wishes, onChange, capabilities, onApply }: FormProps) {
  const { t } = useTranslation('labConstraints')
  return (
    <Card
      title={t('form')}
      hint={t('form.hint')}
      actions={
        <>
          {Object.keys(wishes).length > 0 && <Button onClick={() => onChange({})}>{t('clear')}</Button>}
          <Button variant="soft" disabled={!onApply} onClick={onApply}>
            {t('apply')}
          </Button>
        </>
      }
    >
      <div className="grid items-start gap-x-6 gap-y-5 md:grid-cols-2">
        {fieldsOf(kind).map(name => {
          const wish = wishes[name]
          const set = (next: Wishes) => onChange(next)
          return fields[name].type === 'number' ? (
            <NumberField
              key={name}
              name={name}
              wish={wish}
              capability={capabilities[name]}
              onChange={(strength, text) => set(withWish(wishes, name, strength, parseValue(name, text)))}
            />
          ) : (
            <ChoiceField key={name} name={name} wish={wish} onChange={next => onChange(replaced(wishes, name, next))} />
          )
        })}
      </div>
    </Card>
  )
}

/** The wishes with one field's wish replaced as a whole, or removed. */
function replaced(wishes: Wishes, name: FieldName, wish: Wish | undefined): Wishes {
  const cleared = strengths.reduce((rest, strength) => withWish(rest, name, strength, undefined), wishes)
  return strengths.reduce((rest, strength) => withWish(rest, name, strength, wish?.[strength] ?? undefined), cleared)
}

interface NumberFieldProps {
  readonly name: FieldName
  readonly wish: Wish | undefined
  readonly capability: unknown
  readonly onChange: (strength: (typeof strengths)[number], text: string) => void
}

function NumberField({ name, wish, capability, onChange }: NumberFieldProps) {
  const { t } = useTranslation('labConstraints')
  const id = useId()
  const field = fields[name]
  const step = 'step' in field ? field.step : 1
  const unit = 'unit' in field ? field.unit : ''
  const range = readCapability(capability)
  const title = unit === '' ? t(`field.${name}`) : `${t(`field.${name}`)} (${unit})`
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{title}</legend>
      <div className="grid grid-cols-4 gap-2">
        {strengths.map(strength => (
          <div key={strength}>
            <label htmlFor={`${id}-${strength}`} className="mb-0.5 block text-xs text-ink-soft">
              {strength}
            </label>
            <input
              id={`${id}-${strength}`}
              aria-label={`${t(`field.${name}`)} ${strength}`}
              type="number"
              min={0}
              step="any"
              inputMode="decimal"
              autoComplete="off"
              value={wish?.[strength] === undefined ? '' : String(wish[strength])}
              onChange={event => onChange(strength, event.target.value)}
              className="h-11 w-full min-w-0 rounded-lg border border-line-strong/60 bg-surface px-2.5 tabular-nums [appearance:textfield] [&::-webkit-inner-spin-button]:appearance-none"
            />
          </div>
        ))}
      </div>
      {range && 'min' in range && slidable(range, step) && (
        <div className="mt-1 flex items-center gap-3 text-xs text-ink-soft tabular-nums">
          <span>{short(range.min)}</span>
          <input
            type="range"
            aria-label={t('slider', { field: t(`field.${name}`) })}
            min={range.min}
            max={range.max}
            step={range.step ?? step}
            value={Number(wish?.ideal ?? range.min)}
            onChange={event => onChange('ideal', event.target.value)}
            className={cx('h-11 min-w-0 flex-1 accent-accent', wish?.ideal === undefined && 'opacity-50')}
          />
          <span>{short(range.max)}</span>
        </div>
      )}
    </fieldset>
  )
}

/** Some browsers report ranges too wide for a slider, such as aspect ratios from 0.0005 to 3840. */
function slidable({ min, max, step }: { min: number; max: number; step?: number }, fallback: number): boolean {
  return max > min && (max - min) / (step ?? fallback) < 100_000
}

const short = (value: number) => String(Number(value.toPrecision(4)))

interface ChoiceFieldProps {
  readonly name: FieldName
  readonly wish: Wish | undefined
  readonly onChange: (wish: Wish | undefined) => void
}

function ChoiceField({ name, wish, onChange }: ChoiceFieldProps) {
  const { t } = useTranslation('labConstraints')
  const field = fields[name]
  const values: readonly (string | boolean)[] = 'values' in field ? field.values : [true, false]
  const how = (['ideal', 'exact'] as const).find(strength => wish?.[strength] !== undefined)
  const nameOf = (value: string | boolean) =>
    typeof value === 'boolean' ? t(value ? 'on' : 'off') : t(`choice.${value as 'user'}`)
  const options = (['ideal', 'exact'] as const).flatMap(strength =>
    values.map(value => ({
      value: `${strength} ${value}`,
      label: t(`strength.${strength}`, { value: nameOf(value) }),
    })),
  )
  return (
    <Select
      label={t(`field.${name}`)}
      value={how ? `${how} ${wish?.[how]}` : ''}
      options={[{ value: '', label: t('notAsked') }, ...options]}
      onChange={chosen => {
        const [strength, text = ''] = chosen.split(' ')
        const value = parseValue(name, text)
        if (value === undefined) onChange(undefined)
        else onChange(strength === 'exact' ? { exact: value } : { ideal: value })
      }}
    />
  )
}
