import { expect, it } from 'vitest'
import { isUpdate, VersionWatch } from './update-prompt.ts'

it('the first version is no new one', () => {
  const worker = {} as ServiceWorker
  expect(isUpdate(undefined)).toBe(false)
  expect(isUpdate({ active: null, waiting: worker })).toBe(false)
  expect(isUpdate({ active: worker, waiting: null })).toBe(false)
  expect(isUpdate({ active: worker, waiting: worker })).toBe(true)
})

it('another version than before is news, once', () => {
  const watch = new VersionWatch()
  expect(['1', '1', '2', '2', '1'].map(version => watch.isNews(version))).toEqual([false, false, true, false, true])
})
