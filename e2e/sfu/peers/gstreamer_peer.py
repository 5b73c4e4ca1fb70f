"""A WHIP or WHEP peer of GStreamer's webrtcbin: `publish` or `play`. Offers on standard output, is answered on standard input."""

import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
loop = GLib.MainLoop()

SENDS = """
  webrtcbin name=peer bundle-policy=max-bundle
  videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=15/1
    ! vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay pt=96 picture-id-mode=15-bit
    ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! peer.
  audiotestsrc is-live=true ! audioconvert ! opusenc ! rtpopuspay pt=97
    ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97,encoding-params=(string)2 ! peer.
"""
RECEIVES = (
    "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=96",
    "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,payload=97,encoding-params=(string)2",
)


def say(**what):
    # In one piece: GStreamer's threads speak at the same time.
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def offer(peer):
    def created(promise):
        reply = promise.get_reply()  # Owns the offer.
        peer.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())

    peer.emit("create-offer", None, Gst.Promise.new_with_change_func(created))


def gathered(peer, _):
    """The offer leaves once, with all candidates."""
    if peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        say(offer=peer.get_property("local-description").sdp.as_text())
        threading.Thread(target=listen, args=(peer,), daemon=True).start()


def listen(peer):
    _, sdp = GstSdp.SDPMessage.new_from_text(json.loads(sys.stdin.readline()))
    answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
    peer.emit("set-remote-description", answer, Gst.Promise.new())
    # Until whoever started it ends it.
    sys.stdin.read()
    loop.quit()


def play(pipeline, pad):
    kind = pad.get_current_caps().get_structure(0).get_string("media")
    decoding = "rtpvp8depay ! vp8dec" if kind == "video" else "rtpopusdepay ! opusdec"
    branch = Gst.parse_bin_from_description(f"queue ! {decoding} ! fakesink name=sink signal-handoffs=true", True)
    branch.get_by_name("sink").connect("handoff", lambda *_: say(decoded=kind))
    pipeline.add(branch)
    branch.sync_state_with_parent()
    pad.link(branch.get_static_pad("sink"))


def main(part):
    if part == "publish":
        pipeline = Gst.parse_launch(SENDS)
        peer = pipeline.get_by_name("peer")
        for index in range(2):
            peer.emit("get-transceiver", index).set_property(
                "direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY
            )
        peer.connect("on-negotiation-needed", offer)
    else:
        pipeline = Gst.Pipeline.new(None)
        peer = Gst.ElementFactory.make("webrtcbin", "peer")
        peer.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        pipeline.add(peer)
        for caps in RECEIVES:
            peer.emit(
                "add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string(caps)
            )
        peer.connect("pad-added", lambda _, pad: play(pipeline, pad))
        peer.connect("on-negotiation-needed", offer)
    peer.connect("notify::ice-gathering-state", gathered)
    pipeline.set_state(Gst.State.PLAYING)
    loop.run()
    pipeline.set_state(Gst.State.NULL)


main(sys.argv[1])
