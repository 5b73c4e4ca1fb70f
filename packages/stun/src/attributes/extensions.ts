import { opaque } from '../codecs/values.ts'
import { attribute, attributeTable } from './attribute.ts'

/** The rest of IANA's registry, known by name so that logs and tools can name them; their values stay bytes. */
export const extensions = attributeTable({
  accessToken: attribute(0x001b, opaque()), // RFC 7635
  transactionTransmitCounter: attribute(0x8025, opaque()), // RFC 7982
  ecnCheck: attribute(0x802d, opaque()), // RFC 6679
  thirdPartyAuthorization: attribute(0x802e, opaque()), // RFC 7635
  ciscoStunFlowdata: attribute(0xc000, opaque()), // Cisco
  enfFlowDescription: attribute(0xc001, opaque()), // Cisco
  enfNetworkStatus: attribute(0xc002, opaque()), // Cisco
  ciscoWebexFlowInfo: attribute(0xc003, opaque()), // Cisco
  citrixTransactionId: attribute(0xc056, opaque()), // Citrix
  googNetworkInfo: attribute(0xc057, opaque()), // libwebrtc
  googLastIceCheckReceived: attribute(0xc058, opaque()), // libwebrtc
  googMiscInfo: attribute(0xc059, opaque()), // libwebrtc
  googObsolete1: attribute(0xc05a, opaque()), // libwebrtc
  googConnectionId: attribute(0xc05b, opaque()), // libwebrtc
  googDelta: attribute(0xc05c, opaque()), // libwebrtc
  googDeltaAck: attribute(0xc05d, opaque()), // libwebrtc
  googDeltaSyncReq: attribute(0xc05e, opaque()), // libwebrtc
  googMessageIntegrity32: attribute(0xc060, opaque()), // libwebrtc
  dtlsInStun: attribute(0xc070, opaque()), // libwebrtc
  dtlsInStunAcknowledgement: attribute(0xc071, opaque()), // libwebrtc
})
