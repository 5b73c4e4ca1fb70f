import { cx } from '@parley/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../shell/card.tsx'
import { Fold } from '../shell/fold.tsx'
import { useWords } from '../shell/words.ts'
import { MachineDiagram } from './machine.tsx'
import type { PeerSide } from './peer.ts'
import { connectionMachine, iceMachine, type Machine, signalingMachine } from './states.ts'
import { useLoopback } from './store.ts'

const sides: readonly PeerSide[] = ['caller', 'callee']

/** Diagrams of one side's states, with the meaning of each state. */
export function StatesCard() {
  const { t } = useTranslation('labLoopback')
  const [side, setSide] = useState<PeerSide>('caller')
  const states = useLoopback(state => state.states[side])
  return (
    <Card
      title={t('states')}
      hint={t('statesHint')}
      actions={
        <fieldset className="flex rounded-lg bg-control p-0.5">
          <legend className="sr-only">{t('whose')}</legend>
          {sides.map(each => (
            <button
              key={each}
              type="button"
              aria-pressed={each === side}
              onClick={() => setSide(each)}
              className="h-11 rounded-md px-4 text-sm font-medium aria-pressed:bg-surface aria-pressed:shadow-card"
            >
              {t(`side.${each}`)}
            </button>
          ))}
        </fieldset>
      }
    >
      <div className="space-y-6">
        <One name="ice" property="iceConnectionState" machine={iceMachine} current={states?.ice} />
        <One name="connection" property="connectionState" machine={connectionMachine} current={states?.connection} />
        <One name="signaling" property="signalingState" machine={signalingMachine} current={states?.signaling} />
      </div>
    </Card>
  )
}

interface OneProps<S extends string> {
  readonly name: 'ice' | 'connection' | 'signaling'
  readonly property: string
  readonly machine: Machine<S>
  readonly current: S | undefined
}

function One<S extends string>({ name, property, machine, current }: OneProps<S>) {
  const { t } = useTranslation('labLoopback')
  const words = useWords()
  const meaning = (state: S) => words.find('labLoopback', `state.${name}.${state}`)
  const now = current ?? t('noState')
  return (
    <div className="min-w-0" data-machine={name}>
      <h3 className="mb-2 font-medium">
        {t(`machine.${name}`)} <code className="ml-1 text-sm font-normal text-ink-soft">{property}</code>
      </h3>
      <MachineDiagram
        machine={machine}
        current={current}
        label={t('stateNow', { name: t(`machine.${name}`), state: now })}
      />
      <p className="mt-2 text-sm text-pretty">
        <strong className="font-semibold">{now}</strong>
        {current && <span className="text-ink-soft"> — {meaning(current)}</span>}
      </p>
      <Fold summary={t('allStates')} label={`${t(`machine.${name}`)}: ${t('allStates')}`}>
        <dl className="space-y-1.5">
          {machine.states.map(state => (
            <div key={state.name}>
              <dt className={cx('inline font-medium', state.name === current && 'text-accent-text')}>{state.name}: </dt>
              <dd className="inline text-ink-soft">{meaning(state.name)}</dd>
            </div>
          ))}
        </dl>
      </Fold>
    </div>
  )
}
