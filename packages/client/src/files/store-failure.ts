import type { StoreErrorCode } from './store-messages.ts'

/** Why something could not be kept or read, as a code that crosses from the worker to the page. */
export class StoreFailure extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string) {
    super(message)
    this.code = code
  }

  /** Reads what a browser throws. */
  static of(error: unknown): StoreFailure {
    if (error instanceof StoreFailure) return error
    const { name = '', message = String(error) } = error instanceof Error ? error : {}
    if (name === 'QuotaExceededError' || name === 'NS_ERROR_FILE_NO_DEVICE_SPACE') {
      return new StoreFailure('storage-full', message)
    }
    if (name === 'NotReadableError') return new StoreFailure('file-unreadable', message)
    return new StoreFailure('storage-unavailable', `${name}: ${message}`)
  }
}
