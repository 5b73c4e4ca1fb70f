import { fewFrames, launchBrowser } from '@parley/testkit'
import { expect, vi } from 'vitest'
import { type Firefox, launchFirefox } from './firefox/firefox.ts'
import type { FirefoxPage } from './firefox/page.ts'
import type { Profile } from './firefox/screen.ts'
import { type Parley, startParley } from './parley.ts'
import {
  type Anybody,
  openFirefoxPerson,
  openPerson,
  openStranger,
  type Person,
  type PersonOptions,
  received,
} from './person.ts'

export interface StageOptions {
  /** Of the server. */
  readonly flags?: readonly string[]
  /** With the whole Chromium, not its headless shell. */
  readonly whole?: boolean
  /** Of Chromium. */
  readonly browserFlags?: readonly string[]
}

/** A server, a browser, and the people in it. */
export interface Stage {
  readonly parley: Parley
  /** Somebody with a name, who has not opened any page yet. */
  person(name: string, options?: PersonOptions): Promise<Person>
  /** Somebody who has never been here. */
  stranger(options?: PersonOptions): Promise<Person>
  /** Somebody with a name whose browser is Firefox. */
  firefoxPerson(
    name: string,
    options?: Pick<PersonOptions, 'initScript'>,
  ): Promise<Person<FirefoxPage, Profile<FirefoxPage>>>
  /** People who meet in a room, each seeing and hearing all others. */
  meet<Names extends readonly string[]>(room: string, ...names: Names): Promise<{ [N in keyof Names]: Person }>
  /** Sends everybody home, and fails if anything of theirs went elsewhere than to our server. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openStage({ flags = [], whole = false, browserFlags = [] }: StageOptions = {}): Promise<Stage> {
  const [parley, browser] = await Promise.all([
    startParley(flags),
    launchBrowser({ whole, args: [fewFrames, ...browserFlags] }),
  ])
  let firefox: Promise<Firefox> | undefined
  let people: Anybody[] = []
  const clear = async () => {
    const leaving = people
    people = []
    const strays = leaving.flatMap(person => person.strays())
    await Promise.all(leaving.map(person => person.close()))
    expect(strays).toEqual([])
  }
  const admit = async <Guest extends Anybody>(arriving: Promise<Guest>) => {
    const person = await arriving
    people.push(person)
    return person
  }
  const person = (name: string, options?: PersonOptions) => admit(openPerson(browser, parley, name, options))
  return {
    parley,
    person,
    stranger: options => admit(openStranger(browser, parley, options)),
    // Started by the first who needs it.
    firefoxPerson: async (name, options) => {
      firefox ??= launchFirefox()
      return admit(openFirefoxPerson(await firefox, parley, name, options))
    },
    meet: async <Names extends readonly string[]>(room: string, ...names: Names) => {
      const met = await Promise.all(names.map(name => person(name)))
      await Promise.all(met.map(each => each.enter(room)))
      await Promise.all(met.map(each => expectToSeeAndHear(each, names.length - 1)))
      return met as { [N in keyof Names]: Person }
    },
    clear,
    close: async () => {
      await Promise.all([browser.close(), firefox?.then(({ close }) => close()), parley.close()])
    },
  }
}

/** Waits until the person decodes more than ten further frames of, and hears, each of so many others. */
export async function expectToSeeAndHear(person: Pick<Anybody, 'page'>, others: number): Promise<void> {
  const before = await received(person.page)
  await vi.waitFor(
    async () => {
      const { frames, audioEnergy } = await received(person.page)
      const moving = Object.entries(frames).filter(([stream, count]) => count > 10 + (before.frames[stream] ?? 0))
      const heard = Object.values(audioEnergy).filter(energy => energy > 0)
      expect({ moving: moving.length, heard: heard.length }).toEqual({ moving: others, heard: others })
    },
    { interval: 250, timeout: 300_000 },
  )
}
