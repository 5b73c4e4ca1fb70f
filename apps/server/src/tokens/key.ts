import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, systemCode } from '../failure.ts'

const minimumChars = 32

/** Where the key that signs tokens is kept. */
export function tokenKeyFile(dataDir: string): string {
  return join(dataDir, 'token.key')
}

/**
 * The key that signs tokens (HS256), made at the first start: the text of `token.key`, without the line's end, is the
 * secret, so that a back end in any language can sign with it.
 */
export function loadTokenKey(dataDir: string): Uint8Array {
  return new TextEncoder().encode(loadSecret(dataDir, tokenKeyFile(dataDir)))
}

/** What TURN credentials are made with, made at the first start: the text of `turn.key`, without the line's end. */
export function loadTurnSecret(dataDir: string): string {
  return loadSecret(dataDir, join(dataDir, 'turn.key'))
}

function loadSecret(dataDir: string, file: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < minimumChars) {
    throw new Failure(1, `${file} holds fewer than ${minimumChars} characters; remove it to have a new key made`)
  }
  return secret
}
