import { expect, test } from 'vitest'
import { type Device, type MediaContext, mediaError } from './media-error.ts'

const fail = (name: string, message = '', constraint?: string) => ({ name, message, ...(constraint && { constraint }) })
const context = (device: Device = 'camera', permission?: PermissionState): MediaContext => ({ device, permission })

test.each([
  [fail('NotAllowedError', 'Permission denied'), context('camera', 'denied'), 'media-denied'],
  [fail('NotAllowedError', 'Permission denied'), context('camera', undefined), 'media-denied'],
  [fail('NotAllowedError', 'Permission dismissed'), context('camera', 'prompt'), 'media-dismissed'],
  [
    fail('NotAllowedError', 'The request is not allowed by the user agent'),
    context('microphone', 'prompt'),
    'media-dismissed',
  ],
  [fail('NotAllowedError', 'Permission denied by system'), context('camera', 'prompt'), 'media-denied'],
  [fail('NotAllowedError', 'Permission denied'), context('screen', 'prompt'), 'media-dismissed'],
  [fail('NotAllowedError', 'Permission denied by system'), context('screen'), 'media-denied'],
  [fail('SecurityError'), context(), 'media-denied'],
  [fail('NotFoundError'), context(), 'media-missing'],
  [fail('NotReadableError', 'Could not start video source'), context(), 'media-busy'],
  [fail('AbortError'), context(), 'media-busy'],
  [fail('OverconstrainedError', '', 'width'), context(), 'media-overconstrained'],
  [fail('OverconstrainedError', '', 'deviceId'), context(), 'media-missing'],
  [fail('NotSupportedError'), context('screen'), 'media-unsupported'],
  [fail('InvalidStateError'), context('screen'), 'media-dismissed'],
  [fail('WhateverError'), context(), 'media-failed'],
])('%o with %o is %s', (cause, where, code) => {
  const error = mediaError(cause, where)
  expect(error).toMatchObject({ code, cause })
  expect(error.message).not.toBe('')
  expect(error.remedy).not.toBe('')
})

test.each([undefined, null, 'text', 42, {}, { name: 7, message: null }, { name: 'constructor' }])(
  '%o thrown is still an error to act on',
  cause => {
    expect(mediaError(cause, context())).toMatchObject({ code: 'media-failed', cause })
  },
)

test('the remedy fits what happened', () => {
  expect(mediaError(fail('NotAllowedError', 'Permission denied by system'), context()).remedy).toMatch(
    /privacy settings/,
  )
  expect(mediaError(fail('NotAllowedError'), context('screen')).message).toBe('Nothing was chosen to share.')
  expect(mediaError(fail('InvalidStateError'), context('screen')).message).toMatch(/click/)
  expect(mediaError(fail('OverconstrainedError', '', 'frameRate'), context()).message).toMatch(/frameRate/)
})
