/** Every page of the Lab. Its title and its one-line purpose are `page.<id>` and `purpose.<id>` in `labShell`. */
export type LabPageId =
  | 'checks'
  | 'call-test'
  | 'trickle'
  | 'nat'
  | 'devices'
  | 'constraints'
  | 'loopback'
  | 'sdp'
  | 'statistics'
  | 'data-channel'

/** The i18n namespace of each page's texts, including `finding.…` and `remedy.…`. */
export const namespaces: Readonly<Record<LabPageId, string>> = {
  checks: 'labChecks',
  'call-test': 'labCallTest',
  trickle: 'labTrickle',
  nat: 'labNat',
  devices: 'labDevices',
  constraints: 'labConstraints',
  loopback: 'labLoopback',
  sdp: 'labSdp',
  statistics: 'labStatistics',
  'data-channel': 'labDataChannel',
}

/** Pages that are useful without WebRTC: they look at devices, or at files saved elsewhere. */
export const withoutWebRtc: ReadonlySet<LabPageId> = new Set(['checks', 'devices', 'constraints', 'sdp', 'statistics'])
