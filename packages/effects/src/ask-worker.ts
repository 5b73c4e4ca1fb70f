interface Failed {
  readonly is: 'failed'
  readonly message: string
}

/** A worker that answers one question after the other. */
export class AskedWorker<Question, Answer extends { readonly is: string }> {
  readonly #worker: Worker
  #answered: ((answer: Answer | Failed) => void) | undefined

  constructor(worker: Worker) {
    this.#worker = worker
    worker.addEventListener('message', ({ data }: MessageEvent<Answer | Failed>) => this.#answered?.(data))
    worker.addEventListener('error', event => {
      event.preventDefault()
      this.#answered?.({ is: 'failed', message: event.message || 'The worker does not start.' })
    })
  }

  /** @throws {Error} What the worker says, or why it does not run. */
  ask(question: Question, transfer: Transferable[] = []): Promise<Exclude<Answer, Failed>> {
    return new Promise((resolve, reject) => {
      this.#answered = answer => {
        if (isFailed(answer)) reject(new Error(answer.message))
        else resolve(answer as Exclude<Answer, Failed>)
      }
      this.#worker.postMessage(question, transfer)
    })
  }

  close(): void {
    this.#worker.terminate()
  }
}

const isFailed = (answer: { readonly is: string }): answer is Failed => answer.is === 'failed'
