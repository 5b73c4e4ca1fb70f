import { expect, test } from 'vitest'
import { Compaction } from './compaction.ts'

test('what is left out leaves no gap; what is lost keeps its place', () => {
  const compaction = new Compaction()
  expect(compaction.place(10)).toBe(10)
  compaction.omit(11)
  compaction.omit(13)
  expect(compaction.place(14)).toBe(12)
  // 12 comes late: between 10 and 14 as at the publisher.
  expect(compaction.place(12)).toBe(11)
  expect(compaction.place(9)).toBe(9)
})

test('what is further back than it remembers has no place', () => {
  const compaction = new Compaction()
  for (let extended = 0; extended < 600; extended += 2) compaction.omit(extended)
  expect(compaction.place(601)).toBe(301)
  expect(compaction.place(599)).toBe(299)
  expect(compaction.place(101)).toBe(50)
  expect(compaction.place(1)).toBeNaN()
})

test('what is put in between moves all that follows', () => {
  const compaction = new Compaction()
  compaction.insert(20, 2)
  expect([19, 20, 21].map(extended => compaction.place(extended))).toEqual([19, 22, 23])
  compaction.omit(25)
  expect([24, 26].map(extended => compaction.place(extended))).toEqual([26, 27])
})

test('what is put in bit by bit at one place is remembered as one', () => {
  const compaction = new Compaction()
  for (let place = 10; place < 2010; place += 10) for (let i = 0; i < 5; i++) compaction.insert(place, 1)
  expect([9, 10, 2000].map(extended => compaction.place(extended))).toEqual([9, 15, 3000])
})

test('the packet of a place is found again, over what was left out in a row and apart', () => {
  const compaction = new Compaction()
  const omitted = new Set([3, 4, 5, 8, 10, 11])
  for (const extended of omitted) compaction.omit(extended)
  for (let extended = 0; extended < 20; extended++) {
    if (omitted.has(extended)) continue
    expect(compaction.original(compaction.place(extended)), `${extended}`).toBe(extended)
  }
})

test('what is left out in a row is remembered as one', () => {
  const compaction = new Compaction()
  for (let picture = 0; picture < 200; picture++) {
    for (let packet = 1; packet < 10; packet++) compaction.omit(10 * picture + packet)
  }
  expect(compaction.place(0)).toBe(0)
  expect(compaction.place(1000)).toBe(100)
  expect(compaction.original(199)).toBe(1990)
})

test('nothing is found of a place that is too far back', () => {
  const compaction = new Compaction()
  for (let extended = 0; extended < 600; extended += 2) compaction.omit(extended)
  expect(compaction.original(299)).toBe(599)
  expect(compaction.original(1)).toBeNaN()
})
