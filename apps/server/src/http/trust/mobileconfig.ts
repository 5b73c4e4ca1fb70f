import type { Authority } from '../../certificates/source.ts'

/**
 * An Apple configuration profile with the authority as its only payload (`com.apple.security.root`).
 * It depends on the certificate alone, so that installing it again replaces it.
 */
export function mobileconfig({ der, fingerprint }: Authority): string {
  const digits = fingerprint.replaceAll(':', '')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>parley.${digits.slice(0, 16)}</string>
  <key>PayloadUUID</key><string>${uuid(digits.slice(0, 32))}</string>
  <key>PayloadDisplayName</key><string>Parley local authority</string>
  <key>PayloadDescription</key><string>Lets this device trust your Parley server.</string>
  <key>PayloadContent</key><array><dict>
    <key>PayloadType</key><string>com.apple.security.root</string>
    <key>PayloadVersion</key><integer>1</integer>
    <key>PayloadIdentifier</key><string>parley.${digits.slice(0, 16)}.authority</string>
    <key>PayloadUUID</key><string>${uuid(digits.slice(32))}</string>
    <key>PayloadDisplayName</key><string>Parley local authority</string>
    <key>PayloadContent</key><data>${Buffer.from(der).toString('base64')}</data>
  </dict></array>
</dict></plist>
`
}

function uuid(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
