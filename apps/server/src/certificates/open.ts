import { hostname } from 'node:os'
import type { Config } from '../config/options.ts'
import type { Log } from '../log/log.ts'
import { openLocalAuthority } from './local-authority.ts'
import { openOwnFiles } from './own-files.ts'
import type { CertificateSource } from './source.ts'
import { askedNames, namesOfMachine } from './subject-names.ts'

/** The certificate that the configuration asks for: the owner's own files, or one by the local authority. `now` is in milliseconds. */
export async function openCertificates(config: Config, log: Log, now: () => number): Promise<CertificateSource> {
  const { cert, key, dataDir, domain, publicIp: publicIps } = config
  if (cert && key) return openOwnFiles({ files: { cert, key }, now, log })
  const names = () => namesOfMachine(config)
  const asked = askedNames({ domain, publicIps })
  return openLocalAuthority({ dataDir, hostname: hostname(), names, asked, now, log })
}
