import type { Language, Platform } from './platform.ts'

/** A step: plain words, with `code` between backticks and “buttons” between asterisks. */
export interface Instructions {
  readonly title: string
  readonly steps: readonly string[]
}

export interface TrustTexts {
  readonly title: string
  readonly lead: string
  readonly download: string
  readonly profile: string
  readonly pem: string
  readonly fingerprint: string
  readonly compare: string
  readonly yours: string
  readonly others: string
  readonly caution: string
  readonly cautionUnlimited: string
  readonly undo: string
  readonly open: string
  readonly notNeededTitle: string
  readonly notNeeded: string
  readonly other: string
  readonly instructions: Readonly<Record<Platform, Instructions>>
}

export const texts: Readonly<Record<Language, TrustTexts>> = {
  en: {
    title: 'Trust this server',
    lead: 'This Parley made its own certificate, so browsers warn before they open it. Trust its authority once on this device, and the warning is gone. Calls are encrypted either way.',
    download: 'Download the certificate',
    profile: 'Download the profile',
    pem: 'PEM file',
    fingerprint: 'SHA-256 fingerprint',
    compare: 'Compare it with what `npx parley fingerprint` says on the server before you go on.',
    yours: 'This device',
    others: 'Other devices',
    caution:
      'Only go on if you know who runs this server: whoever holds its key could pose to this device as this server, and as any device of a private network, but as no other website.',
    cautionUnlimited:
      'Only go on if you know who runs this server: whoever holds its key could pose as any website to this device.',
    undo: 'To undo it, remove “Parley local authority” in the same place.',
    open: 'Done? Open Parley',
    notNeededTitle: 'Nothing to do',
    notNeeded: 'This server has a certificate of its own. There is no authority to trust.',
    other: '中文',
    instructions: {
      windows: {
        title: 'Windows (Chrome, Edge)',
        steps: [
          'Download the certificate and open the file `parley-ca.crt`.',
          'Press *Install Certificate…*, choose *Current User*, then *Next*.',
          'Choose *Place all certificates in the following store*, press *Browse…* and pick *Trusted Root Certification Authorities*.',
          'Press *Next*, *Finish*, and answer *Yes*.',
          'Close all browser windows and open Parley again.',
        ],
      },
      macos: {
        title: 'macOS (Safari, Chrome, Edge)',
        steps: [
          'Download the certificate and open the file: Keychain Access adds it to your login keychain.',
          'In Keychain Access, find *Parley local authority* under *Certificates* and double-click it.',
          'Open *Trust* and set *When using this certificate* to *Always Trust*.',
          'Close the window, type your password, and open Parley again.',
        ],
      },
      ios: {
        title: 'iPhone and iPad',
        steps: [
          'In Safari, press *Download the profile* and answer *Allow*.',
          'Open *Settings*: press *Profile Downloaded* at the top, then *Install*.',
          'Go to *Settings › General › About › Certificate Trust Settings* and switch *Parley local authority* on. Without this step the warning stays.',
          'Open Parley again.',
        ],
      },
      android: {
        title: 'Android',
        steps: [
          'Download the certificate.',
          'Open *Settings* and search for *CA certificate* (usually *Security & privacy › More › Encryption & credentials › Install a certificate*).',
          'Choose *CA certificate*, *Install anyway*, and pick `parley-ca.crt`.',
          'Open Parley again in Chrome. For Firefox: *Settings › About Firefox*, tap the logo five times, then *Secret Settings › Use third party CA certificates*.',
        ],
      },
      linux: {
        title: 'Linux (Chrome, Chromium)',
        steps: [
          'Download the certificate.',
          'Install the tool: `sudo apt install libnss3-tools` (Fedora: `nss-tools`, Arch: `nss`).',
          'Run `certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n Parley -i ~/Downloads/parley-ca.crt`',
          'Close all browser windows and open Parley again.',
        ],
      },
      firefox: {
        title: 'Firefox on a computer',
        steps: [
          'Download the certificate.',
          'Open *Settings › Privacy & Security*, scroll to *Certificates*, press *View Certificates…*',
          'On the tab *Authorities* press *Import…* and pick `parley-ca.crt`.',
          'Tick *Trust this CA to identify websites*, press *OK*, and open Parley again.',
        ],
      },
    },
  },
  zh: {
    title: '信任此服务器',
    lead: '这台 Parley 使用自己生成的证书，因此浏览器会在打开前发出警告。在本设备上信任它的证书颁发机构一次，警告就会消失。无论是否信任，通话都是加密的。',
    download: '下载证书',
    profile: '下载描述文件',
    pem: 'PEM 文件',
    fingerprint: 'SHA-256 指纹',
    compare: '继续之前，请与服务器上 `npx parley fingerprint` 显示的内容核对。',
    yours: '本设备',
    others: '其他设备',
    caution:
      '只有在您认识此服务器的运营者时才继续：持有其密钥的人可以向本设备冒充此服务器以及私有网络中的任何设备，但无法冒充其他网站。',
    cautionUnlimited: '只有在您认识此服务器的运营者时才继续：持有其密钥的人可以向本设备冒充任何网站。',
    undo: '要撤销，请在同一位置删除“Parley local authority”。',
    open: '完成了？打开 Parley',
    notNeededTitle: '无需操作',
    notNeeded: '此服务器使用自己的正式证书，没有需要信任的颁发机构。',
    other: 'English',
    instructions: {
      windows: {
        title: 'Windows（Chrome、Edge）',
        steps: [
          '下载证书并打开文件 `parley-ca.crt`。',
          '点击*安装证书…*，选择*当前用户*，然后*下一步*。',
          '选择*将所有的证书都放入下列存储*，点击*浏览…*并选择*受信任的根证书颁发机构*。',
          '点击*下一步*、*完成*，并回答*是*。',
          '关闭所有浏览器窗口，重新打开 Parley。',
        ],
      },
      macos: {
        title: 'macOS（Safari、Chrome、Edge）',
        steps: [
          '下载证书并打开文件：“钥匙串访问”会把它加入登录钥匙串。',
          '在“钥匙串访问”的*证书*中找到 *Parley local authority*，双击它。',
          '展开*信任*，把*使用此证书时*设为*始终信任*。',
          '关闭窗口，输入密码，重新打开 Parley。',
        ],
      },
      ios: {
        title: 'iPhone 和 iPad',
        steps: [
          '在 Safari 中点击*下载描述文件*，并选择*允许*。',
          '打开*设置*：点击顶部的*已下载描述文件*，然后*安装*。',
          '前往*设置 › 通用 › 关于本机 › 证书信任设置*，打开 *Parley local authority*。缺少这一步，警告不会消失。',
          '重新打开 Parley。',
        ],
      },
      android: {
        title: 'Android',
        steps: [
          '下载证书。',
          '打开*设置*，搜索*CA 证书*（通常在*安全和隐私 › 更多 › 加密与凭据 › 安装证书*）。',
          '选择*CA 证书*、*仍然安装*，并选取 `parley-ca.crt`。',
          '在 Chrome 中重新打开 Parley。Firefox：*设置 › 关于 Firefox*，连点徽标五次，然后*Secret Settings › Use third party CA certificates*。',
        ],
      },
      linux: {
        title: 'Linux（Chrome、Chromium）',
        steps: [
          '下载证书。',
          '安装工具：`sudo apt install libnss3-tools`（Fedora：`nss-tools`，Arch：`nss`）。',
          '运行 `certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n Parley -i ~/Downloads/parley-ca.crt`',
          '关闭所有浏览器窗口，重新打开 Parley。',
        ],
      },
      firefox: {
        title: '电脑上的 Firefox',
        steps: [
          '下载证书。',
          '打开*设置 › 隐私与安全*，找到*证书*，点击*查看证书…*',
          '在*证书颁发机构*标签页点击*导入…*，选取 `parley-ca.crt`。',
          '勾选*信任由此证书颁发机构来标识网站*，点击*确定*，重新打开 Parley。',
        ],
      },
    },
  },
}
