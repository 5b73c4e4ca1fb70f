import { describe, expect, it } from 'vitest'
import { secureLink, shareableOrigin } from './server-info.ts'

const urls = ['https://192.168.1.20:8443', 'https://10.0.0.2:8443']

describe('shareableOrigin', () => {
  it.each(['localhost', '127.0.0.1', '127.8.8.8', '[::1]', 'parley.localhost'])(
    '%s works on this computer only',
    hostname => {
      expect(shareableOrigin({ origin: `https://${hostname}:8443`, hostname }, urls)).toBe(urls[0])
    },
  )

  it.each(['192.168.1.20', 'meet.example.com', 'localhost.example.com'])('%s is kept', hostname => {
    expect(shareableOrigin({ origin: `https://${hostname}`, hostname }, urls)).toBe(`https://${hostname}`)
  })

  it('keeps even the loopback where the server knows no other', () => {
    expect(shareableOrigin({ origin: 'https://localhost:8443', hostname: 'localhost' }, [])).toBe(
      'https://localhost:8443',
    )
  })
})

describe('secureLink', () => {
  const page = { hostname: '10.0.0.2', pathname: '/r/x', hash: '#token=t' }

  it('stays on the host the person chose', () => {
    expect(secureLink(page, urls)).toBe('https://10.0.0.2:8443/r/x#token=t')
  })

  it('else takes the best address of the server, else its own with https', () => {
    expect(secureLink({ ...page, hostname: 'box' }, urls)).toBe('https://192.168.1.20:8443/r/x#token=t')
    expect(secureLink(page, [])).toBe('https://10.0.0.2/r/x#token=t')
  })
})
