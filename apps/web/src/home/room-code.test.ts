import { roomName } from '@parley/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCode } from './room-code.ts'

const origins = ['https://localhost:8443', 'https://192.168.1.20:8443']
const room = (name: string) => ({ kind: 'room', room: name })

describe('parseCode', () => {
  it.each([
    ['calm-otter-42', 'calm-otter-42'],
    ['  calm-otter-42\n', 'calm-otter-42'],
    ['calm otter 42', 'calm-otter-42'],
    ['周会', '周会'],
    ['Calm Otter\u3164 42', 'calm-otter-42'],
    ['https://localhost:8443/r/Cafe%CC%81%20', 'café'],
    ['%E5%91%A8%E4%BC%9A', '周会'],
    ['/r/calm-otter-42', 'calm-otter-42'],
    ['r/calm-otter-42', 'calm-otter-42'],
    ['https://localhost:8443/r/calm-otter-42', 'calm-otter-42'],
    ['https://192.168.1.20:8443/r/calm-otter-42/', 'calm-otter-42'],
    ['192.168.1.20:8443/r/calm-otter-42', 'calm-otter-42'],
    ['https://localhost:8443/r/%E5%91%A8%E4%BC%9A?x=1#token=t', '周会'],
    ['Join me: https://localhost:8443/r/calm-otter-42 at five', 'calm-otter-42'],
    ['http://localhost:8443/r/x', 'x'],
  ])('%s', (text, name) => {
    expect(parseCode(text, origins)).toEqual(room(name))
  })

  it.each([
    '',
    '   ',
    '-otter',
    '\u3164',
    'a/b',
    'https://localhost:8443/',
    'https://localhost:8443/lab',
    'https://localhost:8443/r/',
    'https://localhost:8443/r/%2e%2e',
    'https://localhost:8443/r/%E0%A4%A',
    'x'.repeat(65),
    'javascript:alert(1)',
    '<script>',
  ])('%j is nothing', text => {
    expect(parseCode(text, origins)).toBeUndefined()
  })

  it('knows a link to another server from one to this', () => {
    expect(parseCode('https://meet.example.com/r/x', origins)).toEqual({
      kind: 'elsewhere',
      url: 'https://meet.example.com/r/x',
      host: 'meet.example.com',
    })
  })

  it('takes anything and only ever yields names the server takes, or web links', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.webUrl({ withFragments: true })), text => {
        const found = parseCode(text, origins)
        if (found?.kind === 'room') expect(roomName.parse(found.room)).toBe(found.room)
        if (found?.kind === 'elsewhere') expect(found.url).toMatch(/^https?:\/\//)
      }),
    )
  })
})
