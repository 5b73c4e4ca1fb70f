"""A WHIP or WHEP peer of aiortc: `publish` or `play`. Offers on standard output, is answered on standard input."""

import asyncio
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer
from aiortc.mediastreams import MediaStreamError


def say(**what):
    print(json.dumps(what), flush=True)


async def count(track):
    try:
        while True:
            await track.recv()
            say(decoded=track.kind)
    except MediaStreamError:
        pass


async def main(part):
    connection = RTCPeerConnection()
    if part == "publish":
        picture = MediaPlayer("testsrc=size=320x180:rate=15", format="lavfi")
        tone = MediaPlayer("sine=frequency=440:sample_rate=48000", format="lavfi")
        connection.addTransceiver(picture.video, direction="sendonly")
        connection.addTransceiver(tone.audio, direction="sendonly")
    else:
        connection.on("track", lambda track: asyncio.ensure_future(count(track)))
        for kind in ("video", "audio"):
            connection.addTransceiver(kind, direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    say(offer=connection.localDescription.sdp)
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(None, sys.stdin.readline)
    await connection.setRemoteDescription(RTCSessionDescription(type="answer", sdp=json.loads(answer)))
    # Until whoever started it ends it.
    await loop.run_in_executor(None, sys.stdin.read)
    await connection.close()


asyncio.run(main(sys.argv[1]))
