import type { EffectsChoice } from '@parley/effects/choice'
import type { EffectedTrack, EffectsState, QuietTrack } from '@parley/effects/types'
import type { TreatmentPorts } from '../media/treatment.ts'
import { useEffects } from './choices.ts'
import { loadEffects } from './load-effects.ts'
import { noteNoiseFailed, notePicture } from './notes.ts'

type Ports<Choice> = Omit<TreatmentPorts<Choice>, 'onState'>

let pictured: EffectedTrack | undefined
let quieted: QuietTrack | undefined

/** How effects are put on a camera. */
export const pictureTreatment: Ports<EffectsChoice> = {
  start: async (device, choice, first) => {
    showPicture({ status: 'loading' })
    const effects = await loadEffects()
    const effected = effects.apply(device, choice, { hold: first })
    pictured = effected
    showPicture(effected.state)
    const stop = effected.onState(showPicture)
    // What is seen already goes on from the camera itself: this page may be busy with loading.
    if (!first) await begun(effected)
    return {
      track: effected.track,
      change: next => effected.change(next),
      close: () => {
        stop()
        effected.close()
        if (pictured !== effected) return
        pictured = undefined
        showPicture({ status: 'off' })
      },
    }
  },
  // Whoever hides what is behind them wants no moment without.
  holds: ({ background }) => background.kind !== 'none',
  onFailed: error => {
    console.warn('The effects cannot be loaded:', error)
    showPicture({ status: 'failed', reason: 'assets' })
  },
}

/** Resolves when the effects are in force, or will not be. */
function begun(effected: EffectedTrack): Promise<void> {
  if (effected.state.status !== 'loading') return Promise.resolve()
  return new Promise(resolve => {
    const stop = effected.onState(({ status }) => {
      if (status === 'loading') return
      stop()
      resolve()
    })
  })
}

function showPicture(state: EffectsState): void {
  const before = useEffects.getState().pictureState
  useEffects.setState({ pictureState: state })
  notePicture(state, before)
}

/** How noise is taken out of a microphone's sound. */
export const soundTreatment: Ports<'standard' | 'strong'> = {
  start: async (device, level) => {
    useEffects.setState({ noiseState: 'loading' })
    const effects = await loadEffects()
    const quiet = await effects.suppressNoise(device, level)
    quieted = quiet
    useEffects.setState({ noiseState: 'on' })
    return {
      track: quiet.track,
      change: next => {
        useEffects.setState({ noiseState: 'loading' })
        quiet.change(next).then(
          () => {
            if (quieted === quiet) useEffects.setState({ noiseState: 'on' })
          },
          (error: unknown) => {
            if (quieted === quiet) soundTreatment.onFailed(error)
          },
        )
      },
      close: () => {
        quiet.close()
        if (quieted !== quiet) return
        quieted = undefined
        useEffects.setState({ noiseState: 'off' })
      },
    }
  },
  holds: () => false,
  onFailed: error => {
    console.warn('The noise suppression cannot be used:', error)
    useEffects.setState({ noiseState: 'failed' })
    noteNoiseFailed()
  },
}
