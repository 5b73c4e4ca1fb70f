/** Whether a version waits to take the place of one that runs; the first one ever waits too, for a moment. */
export function isUpdate(registration: Pick<ServiceWorkerRegistration, 'active' | 'waiting'> | undefined): boolean {
  return Boolean(registration?.active && registration.waiting)
}

/** Notices that the server is another version than it was when this page met it. */
export class VersionWatch {
  #known: string | undefined

  isNews(version: string): boolean {
    const before = this.#known
    this.#known = version
    return before !== undefined && before !== version
  }
}
