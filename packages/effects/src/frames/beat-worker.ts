/** Beats every so many milliseconds, once it has been told how many. */
addEventListener('message', ({ data }: MessageEvent<number>) => {
  setInterval(() => postMessage(undefined), data)
})
