import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, systemCode } from '../failure.ts'
import { writeWhole, writeWholeOnce } from '../whole-file.ts'

const minimumChars = 32

/** Where the key that signs tokens is kept. */
export function tokenKeyFile(dataDir: string): string {
  return join(dataDir, 'token.key')
}

/**
 * The key that signs tokens (HS256), made at the first start. The secret is the text of `token.key` without the end of the line, so
 * that a back end in any language can sign with it.
 */
export function loadTokenKey(dataDir: string): Uint8Array {
  return new TextEncoder().encode(loadSecret(tokenKeyFile(dataDir)))
}

/** The secret from which TURN credentials are derived, made at the first start: the text of `turn.key` without the end of the line. */
export function loadTurnSecret(dataDir: string): string {
  return loadSecret(join(dataDir, 'turn.key'))
}

/** Where the keys of applications are kept, `<kid>.key` each. */
export function keyFolder(dataDir: string): string {
  return join(dataDir, 'keys')
}

/** The name of the previous own key. */
export const formerKey = 'former'

/** Makes a key for tokens with this `kid`. Returns its file. Throws Failure if there is one already. */
export function addKey(dataDir: string, kid: string): string {
  const file = keyFile(dataDir, kid)
  if (existsSync(file)) throw new Failure(1, `there is a key “${kid}” already: ${file}`)
  writeSecret(file, newSecret())
  return file
}

/** Removes a key: what it has signed is refused from now on. False: there is no such key. */
export function removeKey(dataDir: string, kid: string): boolean {
  const file = keyFile(dataDir, kid)
  if (!existsSync(file)) return false
  rmSync(file)
  return true
}

/** Makes a new own key. Its predecessor is still accepted until it is removed as `former`. */
export function renewKey(dataDir: string): string {
  const file = tokenKeyFile(dataDir)
  const before = loadSecret(file)
  writeSecret(keyFile(dataDir, formerKey), before)
  writeSecret(file, newSecret())
  return file
}

/** The key with that name. Throws Failure if there is none. */
export function loadKey(dataDir: string, kid: string): Uint8Array {
  const file = keyFile(dataDir, kid)
  if (!existsSync(file)) throw new Failure(1, `there is no key “${kid}”; \`parley key add ${kid}\` makes one`)
  return secretIn(file)
}

/** The secret in a file, as bytes. Throws Failure if it is too short to be one. */
export function secretIn(file: string): Uint8Array {
  return new TextEncoder().encode(readSecret(file))
}

function keyFile(dataDir: string, kid: string): string {
  return join(keyFolder(dataDir), `${kid}.key`)
}

function loadSecret(file: string): string {
  return checked(file, textOf(file) || makeSecret(file))
}

function readSecret(file: string): string {
  return checked(file, readFileSync(file, 'utf8').trim())
}

function checked(file: string, secret: string): string {
  if (secret.length >= minimumChars) return secret
  throw new Failure(1, `${file} holds fewer than ${minimumChars} characters; remove it to have a new key made`)
}

/** Empty where there is none. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

/** If two processes start at once, the first one makes it. An empty file, as a full disk leaves one, counts as missing. */
function makeSecret(file: string): string {
  const made = newSecret()
  if (writeWholeOnce(file, `${made}\n`, 0o600)) return made
  const theirs = textOf(file)
  if (theirs !== '') return theirs
  rmSync(file)
  return makeSecret(file)
}

function writeSecret(file: string, secret: string): void {
  writeWhole(file, `${secret}\n`, 0o600)
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
