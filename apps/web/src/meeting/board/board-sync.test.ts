import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FakeBoard } from '../fixture/fake-board.ts'
import { BoardSync, type Scene } from './board-sync.ts'
import { type Drawn, toEntry } from './elements.ts'
import type { Picture } from './pictures.ts'

interface Box extends Drawn {
  readonly x: number
  readonly fileId?: string
}

const box = (id: string, version = 1, more: Partial<Box> = {}): Box => ({
  ...{ id, type: 'rectangle', version, versionNonce: 5, isDeleted: false, x: 0, y: 0, width: 1, height: 1, angle: 0 },
  ...more,
})

/** A drawing that takes over what is newer, as Excalidraw does. */
class Drawing implements Scene {
  all: Box[] = []
  busy = new Set<string>()
  files: Record<string, Picture> = {}
  merges = 0

  elements = () => this.all
  editing = () => this.busy
  pictures = () => this.files

  merge(elements: readonly Drawn[]): void {
    this.merges++
    for (const element of elements as readonly Box[]) {
      const known = this.all.find(({ id }) => id === element.id)
      const older =
        known &&
        (this.busy.has(known.id) ||
          known.version > element.version ||
          (known.version === element.version && known.versionNonce < element.versionNonce))
      if (!older) this.all = [...this.all.filter(({ id }) => id !== element.id), element]
    }
  }

  addPictures(pictures: readonly Picture[]): void {
    for (const picture of pictures) this.files[picture.id] = picture
  }

  draw(...boxes: Box[]): void {
    for (const one of boxes) this.all = [...this.all.filter(({ id }) => id !== one.id), one]
  }
}

/** The next entries of others, as the SDK would tell of them. */
function hear(board: FakeBoard, ...boxes: Box[]): void {
  const entries = boxes.flatMap(one => toEntry(one) ?? [])
  board.put(entries)
  board.emit('changed', entries)
}

function start(board = new FakeBoard(), scene = new Drawing()) {
  const notShared: string[] = []
  const sync = new BoardSync({
    board,
    scene,
    toPixels: async ({ id }) => ({ id, mimeType: 'image/png', dataURL: 'data:image/png;base64,QQ==' }),
    notShared: what => notShared.push(what),
  })
  return { board, scene, sync, notShared }
}

const versions = (board: FakeBoard) => [...board.entries.values()].map(({ key, version }) => `${key} ${version}`)

it('begins with what is on the board, and brings what was drawn before', () => {
  const board = new FakeBoard()
  hear(board, box('theirs'))
  const scene = new Drawing()
  scene.draw(box('ours'))
  start(board, scene)
  expect(scene.all.map(({ id }) => id)).toEqual(['ours', 'theirs'])
  expect(versions(board)).toEqual(['el/theirs 1', 'el/ours 1'])
})

it('sends what is new here, and nothing that came from others', () => {
  const { board, scene, sync } = start()
  hear(board, box('a'))
  scene.draw(box('b'), box('c', 1, { isDeleted: true }))
  sync.changed()
  sync.changed()
  expect(versions(board)).toEqual(['el/a 1', 'el/b 1'])
  scene.draw(box('a', 2, { x: 7 }), box('b', 2, { isDeleted: true }))
  sync.changed()
  expect(versions(board)).toEqual(['el/a 2', 'el/b 2'])
  expect(board.entries.get('el/b')?.value).toBe('')
})

it('what others delete is deleted here', () => {
  const { board, scene } = start()
  hear(board, box('a'), box('b'))
  hear(board, box('a', 2, { isDeleted: true }), box('never seen', 2, { isDeleted: true }))
  expect(scene.all.map(({ id, isDeleted }) => [id, isDeleted])).toEqual([
    ['b', false],
    ['a', true],
  ])
})

it('what is being drawn is not disturbed, and taken over afterwards', () => {
  const { board, scene, sync } = start()
  scene.draw(box('a'))
  sync.changed()
  scene.busy.add('a')
  hear(board, box('a', 5, { x: 9 }))
  sync.changed()
  expect(scene.all[0]).toMatchObject({ version: 1 })
  scene.busy.clear()
  sync.changed()
  expect(scene.all[0]).toMatchObject({ version: 5, x: 9 })
})

it('what cannot be taken over is not tried for ever', () => {
  const { board, scene, sync } = start()
  scene.draw(box('a'))
  sync.changed()
  board.put([{ key: 'el/a', version: 5, nonce: 0, value: 'malformed' }])
  for (let i = 0; i < 3; i++) sync.changed()
  expect(scene.merges).toBe(0)
})

it('one thing that is too large does not keep the others from being shared, and is told of once', () => {
  const { board, scene, sync, notShared } = start()
  const put = board.put.bind(board)
  board.put = entries => {
    if (entries.some(({ key }) => key === 'el/big')) throw new Error('too large')
    put(entries)
  }
  scene.draw(box('a'), box('big'), box('b'))
  sync.changed()
  scene.draw(box('big', 2))
  sync.changed()
  expect(versions(board)).toEqual(['el/a 1', 'el/b 1'])
  expect(notShared).toEqual(['element'])
})

const png = { id: 'f1', mimeType: 'image/png', dataURL: 'data:image/png;base64,QUJD' }

it('a picture that is seen is brought to the board, taken off with its last element, and comes back with it', async () => {
  const { board, scene, sync } = start()
  scene.files.f1 = png
  scene.draw(box('a', 1, { type: 'image', fileId: 'f1' }))
  sync.changed()
  await Promise.resolve()
  expect(board.entries.get('file/f1/0')?.value).toBe('QUJD')
  scene.draw(box('a', 2, { type: 'image', fileId: 'f1', isDeleted: true }))
  sync.changed()
  expect(board.entries.get('file/f1/0')?.value).toBe('')
  scene.draw(box('a', 3, { type: 'image', fileId: 'f1' }))
  sync.changed()
  await Promise.resolve()
  expect(board.entries.get('file/f1/0')?.value).toBe('QUJD')
})

it('others’ pictures are shown once they are whole; drawings become pictures; what is neither is told of', async () => {
  const other = start()
  other.scene.files.f1 = { ...png, mimeType: 'image/svg+xml', dataURL: 'data:image/svg+xml;base64,PHN2Zz4=' }
  other.scene.draw(box('a', 1, { type: 'image', fileId: 'f1' }))
  other.sync.changed()
  await new Promise(resolve => setTimeout(resolve))
  const { board, scene, sync, notShared } = start()
  for (const entry of other.board.entries.values()) {
    board.put([entry])
    board.emit('changed', [entry])
  }
  expect(scene.files.f1).toEqual({ id: 'f1', mimeType: 'image/png', dataURL: 'data:image/png;base64,QQ==' })
  scene.files.f2 = { id: 'f2', mimeType: 'text/html', dataURL: 'data:text/html;base64,QQ==' }
  scene.draw(box('b', 1, { type: 'image', fileId: 'f2' }))
  sync.changed()
  sync.changed()
  await Promise.resolve()
  expect(notShared).toEqual(['picture'])
})

it('three drawings of one board end up alike, in whatever order they hear of each other', () => {
  const act = fc.record({ who: fc.nat(2), id: fc.constantFrom('a', 'b', 'c'), nonce: fc.nat(9), gone: fc.boolean() })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 15 }), fc.array(fc.nat(2), { minLength: 15 }), (acts, order) => {
      const people = [start(), start(), start()]
      const sent: { from: number; entries: ReturnType<typeof toEntry>[] }[] = []
      for (const [from, { board }] of people.entries()) {
        const put = board.put.bind(board)
        board.put = entries => {
          put(entries)
          sent.push({ from, entries: [...entries] })
        }
      }
      const deliver = (to: number) => {
        const person = people[to]
        for (const { from, entries } of sent.splice(0)) {
          const rest = people.filter((_, i) => i !== from)
          for (const each of rest) {
            const newer = entries.flatMap(entry => {
              const known = entry && each.board.entries.get(entry.key)
              const wins =
                entry &&
                (!known ||
                  entry.version > known.version ||
                  (entry.version === known.version && entry.nonce < known.nonce))
              return wins ? [entry] : []
            })
            for (const entry of newer) each.board.entries.set(entry.key, entry)
            each.board.emit('changed', newer)
          }
        }
        person?.sync.changed()
      }
      for (const [i, { who, id, nonce, gone }] of acts.entries()) {
        const person = people[who] ?? people[0]
        const known = person?.scene.all.find(each => each.id === id)
        const versionNonce = nonce * 3 + who
        person?.scene.draw(box(id, (known?.version ?? 0) + 1, { versionNonce, isDeleted: gone, x: versionNonce }))
        person?.sync.changed()
        if ((order[i] ?? 0) > 0) deliver(order[i] ?? 0)
      }
      for (let round = 0; round < 4; round++) for (let to = 0; to < 3; to++) deliver(to)
      const drawn = people.map(({ scene }) =>
        scene.all
          .filter(({ isDeleted }) => !isDeleted)
          .map(({ id, version, x }) => `${id} ${version} ${x}`)
          .sort(),
      )
      expect(drawn[1]).toEqual(drawn[0])
      expect(drawn[2]).toEqual(drawn[0])
    }),
    { numRuns: 50 },
  )
})
