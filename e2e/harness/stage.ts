import { launchBrowser } from '@parley/testkit'
import { expect } from 'vitest'
import { type Parley, startParley } from './parley.ts'
import { openPerson, openStranger, type Person, type PersonOptions, received } from './person.ts'

export interface StageOptions {
  /** Of the server. */
  readonly flags?: readonly string[]
  /** Of Chromium. */
  readonly browserFlags?: readonly string[]
}

/** A server, a browser, and the people in it. */
export interface Stage {
  readonly parley: Parley
  person(name: string, options?: PersonOptions): Promise<Person>
  /** Somebody who has not opened any page yet. */
  stranger(options?: PersonOptions): Promise<Person>
  /** Sends everybody home, and fails if anything of theirs went elsewhere than to our server. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openStage({ flags = [], browserFlags = [] }: StageOptions = {}): Promise<Stage> {
  const parley = await startParley(flags)
  const browser = await launchBrowser({ args: browserFlags })
  let people: Person[] = []
  const clear = async () => {
    const leaving = people
    people = []
    const strays = leaving.flatMap(person => person.strays())
    await Promise.all(leaving.map(person => person.close()))
    expect(strays).toEqual([])
  }
  const admit = async (arriving: Promise<Person>) => {
    const person = await arriving
    people.push(person)
    return person
  }
  return {
    parley,
    person: (name, options) => admit(openPerson(browser, parley, name, options)),
    stranger: options => admit(openStranger(browser, parley, options)),
    clear,
    close: async () => {
      await browser.close()
      await parley.close()
    },
  }
}

/** Waits until the person decodes more than 30 further frames of, and hears, each of so many others. */
export async function expectToSeeAndHear(person: Person, others: number): Promise<void> {
  const before = await received(person.page)
  await expect
    .poll(
      async () => {
        const { frames, audioEnergy } = await received(person.page)
        const moving = Object.entries(frames).filter(([stream, count]) => count > 30 + (before.frames[stream] ?? 0))
        const heard = Object.values(audioEnergy).filter(energy => energy > 0)
        return { moving: moving.length, heard: heard.length }
      },
      { timeout: 120_000, interval: 250 },
    )
    .toEqual({ moving: others, heard: others })
}
