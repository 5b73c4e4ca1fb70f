import type { Translation } from '@parley/ui/page'
import type en from '../en/board.ts'

export default {
  title: '白板',
  open: '白板',
  openNews: '白板，有新内容',
  close: '关闭白板',
  moreNews: '更多，白板上有新内容',
  show: '查看',

  loading: '正在加载白板…',
  reading: '正在读取白板内容…',
  waiting: '正在等待连接…',
  failed: '白板未能加载',
  failedHint: '请检查网络连接后重试。其他人画的内容不会丢失。',
  broken: '白板出错了',
  brokenHint: '请重新打开，画过的内容都还在。',
  retry: '重试',

  layout: '白板的位置',
  'layout.split': '放在画面旁边',
  'layout.full': '替换画面',
  'layout.floating': '浮在画面上方',
  move: '拖动以移动白板',

  save: '保存为图片',
  'save.png': 'PNG 图片',
  'save.svg': 'SVG 矢量图',
  saved: '白板已保存',
  saveFailed: '白板未能保存',
  nothingToSave: '白板上还没有内容',

  about: '关于此白板',
  'about.shared': '会议中的每个人都能看到并在上面画。后来的人也能看到全部内容。',
  'about.kept': '最后一个人离开后，服务器会再保留 {{minutes}} 分钟，因此刷新页面不会丢失。想长期保存，请存为图片。',
  'about.plain': '内容在传往服务器的途中是加密的，但服务器本身可以读取。',
  'about.encrypted':
    '内容在每个浏览器中用会议链接里的密钥加密。服务器保存的是它读不懂的数据，只知道有多少内容、各有多大、何时改动。',

  unsent_other: '{{count}} 处改动尚未发送',
  full: '白板已满',
  fullHint: '请删除一些内容，先删大图片。你这期间画的内容保留在本机，之后会发送。',
  readOnly: '你可以看，但不能画',
  readOnlyHint: '你加入会议所用的令牌不允许写入。',
  refused: '你画的部分内容无法共享',
  unreadable: '白板上有些内容无法读取',
  unreadableHint: '它们来自用另一个链接加入的人。只有持有完整会议链接的人才能读取。',
  tooLarge: '内容太大，无法共享',
  tooLargeHint: '其他人看不到它。请分几笔来画。',
  pictureNotShared: '这张图片无法共享',
  pictureNotSharedHint: '其他人看不到它。请使用 PNG、JPEG 或 WebP 图片。',
  notAPicture: '只能把图片拖到白板上',

  opened: '{{name}} 打开了白板',
  drew: '{{name}} 在白板上画了内容',
} satisfies Translation<typeof en>
