import { afterEach } from 'vitest'
import { TestClient } from './client.ts'
import { startServer, type TestServer, type TestServerOptions } from './server.ts'

export interface House {
  /** The server that was started last. */
  readonly server: TestServer
  start(options?: TestServerOptions): Promise<TestServer>
  /** Connects somebody to the server that was started last. */
  come(auth?: object, options?: Parameters<typeof TestClient.connect>[2]): Promise<TestClient>
  /** Two people in one room, whose events so far have been forgotten. */
  pair(room?: string): Promise<[TestClient, TestClient]>
}

/** Starts servers and clients for tests, and closes them after each. */
export function house(): House {
  const servers: TestServer[] = []
  const clients: TestClient[] = []
  afterEach(async () => {
    for (const client of clients.splice(0)) client.leave()
    for (const server of servers.splice(0)) await server.close()
  })
  const self: House = {
    get server() {
      const server = servers.at(-1)
      if (!server) throw new Error('start a server first')
      return server
    },
    async start(options) {
      const server = await startServer(options)
      servers.push(server)
      return server
    },
    async come(auth, options) {
      const client = await TestClient.connect(self.server.url, auth, options)
      clients.push(client)
      return client
    },
    async pair(room = 'x') {
      const ann = await self.come({ name: 'Ann' })
      const bob = await self.come({ name: 'Bob' })
      await ann.ask('room.join', { room })
      await bob.ask('room.join', { room })
      await ann.next('room.joined')
      return [ann, bob]
    },
  }
  return self
}
