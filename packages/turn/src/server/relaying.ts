import {
  channelDataLength,
  channelHeaderLength,
  channelNumber,
  dataIndication,
  Encoder,
  Indication,
  indicationHeaderLength,
  putChannelHeader,
  putIndicationHeader,
  turn,
} from '@parley/stun'
import { Address, type Datagram, HEADROOM, type IcmpError, TAILROOM, type UdpSocket } from '@parley/udp'
import { toTransportAddress } from './addresses.ts'
import type { Allocation, ClientFlow, Peer } from './allocation.ts'
import type { Allocations } from './allocations.ts'
import type { TurnCounters } from './counters.ts'
import type { RelayAddresses } from './relay-addresses.ts'

const largestPayload = 65_535
/** Unreachable, time exceeded; of ICMPv6 packet too big, too. */
const toldTypes: Readonly<Record<4 | 6, readonly number[]>> = { 4: [3, 11], 6: [1, 2, 3] }

/**
 * The packet path between clients and peers (RFC 8656 §11, §12). Headers are written in front of the data where it lies, so
 * a relayed packet is neither copied nor makes an object; data that came by a stream is copied once, since its neighbours
 * are other messages.
 */
export class Relaying {
  readonly #allocations: Allocations
  readonly #counters: TurnCounters
  readonly #addresses: RelayAddresses
  readonly #indication = new Indication()
  readonly #encoder = new Encoder(new Uint8Array(128))
  readonly #scratch = new Uint8Array(HEADROOM + largestPayload + TAILROOM)

  constructor(allocations: Allocations, counters: TurnCounters) {
    this.#allocations = allocations
    this.#counters = counters
    this.#addresses = allocations.ports.addresses
  }

  /** ChannelData from a client. */
  channelData(bytes: Uint8Array, start: number, end: number, flow: ClientFlow, now: number): void {
    const length = channelDataLength(bytes, start, end)
    const channel = length < 0 ? undefined : flow.allocation?.channels.get(channelNumber(bytes, start))
    if (!channel) {
      this.#counters.malformed++
      return
    }
    const peer = flow.allocation?.permitted(channel.peer, now)
    if (channel.expires <= now || !peer) {
      this.#counters.unpermitted++
      return
    }
    const data = start + channelHeaderLength
    this.#toPeer(flow, peer, bytes, data, data + length, now)
  }

  /** A Send indication from a client. */
  send(bytes: Uint8Array, start: number, end: number, flow: ClientFlow, now: number): void {
    const indication = this.#indication
    if (!flow.allocation || !indication.read(bytes, start, end)) {
      this.#counters.malformed++
      return
    }
    const { address, addressLength, port, dataStart, dataEnd, dontFragment } = indication
    const peer = flow.allocation.peer(Address.from(address.subarray(0, addressLength), port), now)
    if (!peer) {
      this.#counters.unpermitted++
      return
    }
    this.#toPeer(flow, peer, bytes, dataStart, dataEnd, now, dontFragment)
  }

  /** What came from outside to a relayed address. */
  fromOutside(allocation: Allocation, { bytes, start, end, from }: Datagram, now: number): void {
    const { services } = this.#allocations
    // From this machine itself only relays (those of other threads, since our own are joined without the kernel) and
    // services may send.
    const known = this.#addresses.announcedAddress(from) ?? services.from(from, allocation.lastService)?.announced
    const peer = allocation.peer(known ?? from, now)
    if (!peer || (peer.permission.own && !known)) {
      this.#counters.unpermitted++
      return
    }
    this.#toClient(allocation, peer, bytes, start, end, now)
  }

  /** An ICMP error that came for something relayed: the client is told, without data (RFC 8656 §11.5). */
  icmp(allocation: Allocation, { version, type, code, mtu, to }: IcmpError, now: number): void {
    const relayed = this.#addresses.announcedAddress(to)
    const peer = allocation.peer(relayed ?? to, now)
    if (!toldTypes[version].includes(type) || !peer || (peer.permission.own && !relayed)) return
    const bytes = this.#encoder
      .message('indication', 'data')
      .add(turn.xorPeerAddress, toTransportAddress(peer.address))
      .add(turn.icmp, { type, code, data: mtu })
      .finish()
    allocation.flow.send(bytes, 0, bytes.length)
  }

  #toPeer(
    flow: ClientFlow,
    peer: Peer,
    bytes: Uint8Array,
    start: number,
    end: number,
    now: number,
    dontFragment = false,
  ): void {
    const relay = flow.allocation?.relay(peer.address.version)
    if (!relay) {
      this.#counters.unpermitted++
      return
    }
    if (!this.#allocations.users.take(relay.allocation.user, end - start, now)) {
      this.#counters.overBandwidth++
      return
    }
    this.#counters.relayedPackets++
    this.#counters.relayedBytes += end - start
    const other = this.#allocations.relayAt(peer.address)
    const elsewhere = other ? undefined : this.#addresses.kernelAddress(peer.address)
    if (other) this.#join(other.allocation, relay.announced, flow, bytes, start, end, now)
    else if (elsewhere) relay.socket.send(bytes, start, end, elsewhere)
    else {
      const to = peer.permission.own ? this.#serviceAt(relay.allocation, peer.address) : peer.address
      if (!to) this.#counters.unpermitted++
      else if (dontFragment) sendWhole(relay.socket, bytes, start, end, to)
      else relay.socket.send(bytes, start, end, to)
    }
  }

  /** Where the kernel has the service of this machine at that very address and port. */
  #serviceAt(allocation: Allocation, announced: Address): Address | undefined {
    const service = this.#allocations.services.at(announced)
    if (service) allocation.lastService = service
    return service?.kernel
  }

  /** From one relayed address to another, both ours, as if by the network. */
  #join(
    allocation: Allocation,
    from: Address,
    flow: ClientFlow,
    bytes: Uint8Array,
    start: number,
    end: number,
    now: number,
  ): void {
    const peer = allocation.peer(from, now)
    if (!peer) {
      this.#counters.unpermitted++
      return
    }
    this.#counters.joinedPackets++
    if (flow.transport === 'udp') this.#toClient(allocation, peer, bytes, start, end, now)
    else {
      this.#scratch.set(bytes.subarray(start, end), HEADROOM)
      this.#toClient(allocation, peer, this.#scratch, HEADROOM, HEADROOM + end - start, now)
    }
  }

  #toClient(allocation: Allocation, peer: Peer, bytes: Uint8Array, start: number, end: number, now: number): void {
    if (!this.#allocations.users.take(allocation.user, end - start, now)) {
      this.#counters.overBandwidth++
      return
    }
    this.#counters.relayedPackets++
    this.#counters.relayedBytes += end - start
    const { channel, ip } = peer
    if (channel && channel.expires > now) {
      putChannelHeader(bytes, start - channelHeaderLength, channel.number, end - start)
      allocation.flow.send(bytes, start - channelHeaderLength, end)
      return
    }
    const at = start - indicationHeaderLength(ip.length)
    const { port } = peer.address
    const length = putIndicationHeader(bytes, at, dataIndication, ip, 0, ip.length, port, end - start)
    allocation.flow.send(bytes, at, at + length)
  }
}

/** With the IPv4 header's DF bit, or IPv6's way of it (RFC 8656 §15), for this packet alone. */
function sendWhole(socket: UdpSocket, bytes: Uint8Array, start: number, end: number, to: Address): void {
  socket.setDontFragment(true)
  socket.send(bytes, start, end, to)
  socket.setDontFragment(false)
}
