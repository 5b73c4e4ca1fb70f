self.onmessage = ({ data }: MessageEvent<number>) => {
  setInterval(() => self.postMessage(undefined), data)
}
