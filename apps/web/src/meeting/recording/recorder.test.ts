import type { Room } from '@parley/client'
import type { LocalRecording, LocalRecordingState } from '@parley/recording'
import { expect, it } from 'vitest'
import { roomState } from '../testing/states.ts'
import { Recorder, type RecorderPorts } from './recorder.ts'

function fakeRecording() {
  const listeners: ((state: LocalRecordingState) => void)[] = []
  const recording = {
    state: { status: 'recording' } as LocalRecordingState,
    on: (_: string, listener: (state: LocalRecordingState) => void) => {
      listeners.push(listener)
      return () => {}
    },
    stop: async () => {
      become({ status: 'finishing', end: 'stopped', progress: 0.5 })
      become({ status: 'ended', end: 'stopped', saved: undefined })
      return undefined
    },
  }
  const become = (state: LocalRecordingState) => {
    recording.state = state
    for (const listener of listeners) listener(state)
  }
  return { recording: recording as unknown as LocalRecording, become }
}

function setUp(over: Partial<RecorderPorts> = {}) {
  const heard: string[] = []
  const ended: (() => void)[] = []
  const { recording, become } = fakeRecording()
  const room = {
    state: roomState(),
    on: (_: string, listener: () => void) => {
      ended.push(listener)
      return () => {}
    },
  }
  const recorder = new Recorder({
    load: async () => ({
      record: async () => {
        become({ status: 'recording' })
        return recording
      },
    }),
    wait: async () => {},
    failed: ({ at }) => heard.push(`failed: ${at}`),
    ended: ({ end }) => heard.push(`ended: ${end}`),
    ...over,
  })
  recorder.store.subscribe(state => heard.push('left' in state ? `${state.left}` : state.phase))
  const start = () => recorder.start(room as unknown as Room, { mode: 'composed' })
  return { recorder, heard, start, become, leave: () => ended.forEach(listener => void listener()) }
}

it('counts down, records, finishes, and can record again', async () => {
  const { recorder, heard, start } = setUp()
  await start()
  await start() // Does nothing: it records already.
  expect(heard.splice(0)).toEqual(['loading', '3', '2', '1', 'starting', 'recording'])
  await recorder.stop()
  expect(heard.splice(0)).toEqual(['finishing', 'idle', 'ended: stopped'])
  await start()
  expect(heard).toContain('recording')
})

it('is cancelled in the countdown, by hand or by leaving, and nothing begins', async () => {
  for (const how of ['stop', 'leave'] as const) {
    const { recorder, heard, start, leave } = setUp({
      wait: async () => (how === 'stop' ? void recorder.stop() : leave()),
    })
    await start()
    expect(heard, how).toEqual(['loading', '3', 'idle'])
  }
})

it('says why it did not start, and is ready to start again', async () => {
  const offline = new Error('no network')
  const cases = {
    load: { load: () => Promise.reject(offline) },
    tell: { load: async () => ({ record: () => Promise.reject(Object.assign(offline, { remedy: 'wait' })) }) },
    record: { load: async () => ({ record: () => Promise.reject(new Error('no disk')) }) },
  }
  for (const [at, ports] of Object.entries(cases)) {
    const { recorder, heard, start } = setUp(ports)
    await start()
    expect(heard.at(-1)).toBe(`failed: ${at}`)
    expect(recorder.store.getState()).toEqual({ phase: 'idle' })
  }
})

it('tells how it ended when nobody stopped it', async () => {
  const { heard, start, become } = setUp()
  await start()
  become({ status: 'ended', end: 'disk-full', saved: undefined })
  expect(heard.slice(-2)).toEqual(['idle', 'ended: disk-full'])
})
