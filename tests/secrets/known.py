"""The secrets of this test: what the program gives to the library, and what the server tells it."""

import base64
import html
import json
import re
import urllib.parse

# All with characters that JSON, URLs, HTML and shells write otherwise, but for those that headers carry.
GIVEN = {
    "token": "tk_Wq7/Zr+4xKc=Lp9",
    "config header": "hd:Vn3/Bq8+yTz=Mw2",
    "config query": "cq-Jf6/Gd1+uXo=Ns5",
    "call header": "ch_Ra4/Kw7+eMv=Tb8",
    "call query": "xq_Pz2/Hy9+iCn=Fd3",
    "call body": 'xb_Lk5"Qw\'é&3<vJ',
    "variable": 'ev_Tn8"Xs\'é&1<qB',
    "launch variable": 'lv_Cr1"Yd\'é&7<pH',
    "build argument": 'ba_Gm6"Zf\'é&4<kN',
    "file mount": 'fm_Ux9"Vb\'é&2<jD',
    "mounted file": 'mc_Ew3"Rt\'é&5<hS',
    "code mount": "ct_Sd2/Ol8+aQp=Gx4",
    "service password": 'pw_Bv7"Mj\'é&6<zK',
    "secret value": 'sv_Yc4"Nu\'é&9<wF',
    "file contents": 'fc_Oh1"Pk\'é&8<tL',
    "stdin": 'si_Ie5"Av\'é&3<rG',
    "command variable": 'cv_Dk8"Fg\'é&1<xW',
    "proxy password": "pp_Nb6/Us3+oEq=Zj7",
    "idempotency": "",
}
del GIVEN["idempotency"]
TOLD = {
    "signature": "sg_Mt4/Xe9+rIw=Vk1",
    "upload header": "uh_Fz7/Cb2+nLs=Qy6",
    "ssh key": "-----BEGIN KEY-----\nsk_Hq3/Wd8+mUv\n-----END KEY-----",
    "key": "ks_Zx5/Rn1+gTo=Jp4",
    "gateway token": "gt_Aw9/Yk6+cBe=Ds2",
    "tunnel token": "tt_Qf2/Lv7+jPh=Xm8",
    "variable": 'tv_Kj6"Dx\'é&4<nC',
    "git": "gg_Pu1/Sh5+dRz=Ib3",
}
# A part of a secret that is at least so long tells too much.
TELLING = 9


def cores(secret):
    """What is looked for: what no other text holds, in what spelling ever."""
    lines = [line for line in secret.split("\n") if not line.startswith("-----")]
    return [line for line in lines if line]


def unfolded(text):
    """A text in all the ways in which a reader might undo how it was written, for as long as anything comes of it."""
    seen, ahead = [], [text]
    while ahead and len(seen) < 12:
        one = ahead.pop(0)
        if one in seen:
            continue
        seen.append(one)
        ahead.append(urllib.parse.unquote_to_bytes(one).decode("utf-8", "replace"))
        ahead.append(urllib.parse.unquote_plus(one))
        ahead.append(html.unescape(one))
        ahead.append(re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), one).replace('\\"', '"').replace("\\/", "/").replace("\\'", "'").replace("\\\\", "\\"))
    return seen


def windows(text):
    return [text[at : at + TELLING] for at in range(max(1, len(text) - TELLING + 1))]


def needles():
    """For each secret the texts that tell of it, in lower case."""
    found = {}
    for kind, secrets in (("given", GIVEN), ("told", TOLD)):
        for name, secret in secrets.items():
            plain, coded = set(), set()
            for core in cores(secret):
                plain.update(window.lower() for window in windows(core))
                raw = core.encode()
                # Of base64 what does not depend on what stands around it.
                for before in range(3):
                    encoded = base64.b64encode(b"\0" * before + raw).decode()
                    stable = encoded[(before * 8 + 5) // 6 :].rstrip("=")[:-1]
                    for spelling in (stable, stable.replace("+", "-").replace("/", "_")):
                        coded.update(spelling[at : at + 12] for at in range(max(1, len(spelling) - 11)))
                digits = raw.hex()
                plain.update(digits[at : at + 2 * TELLING] for at in range(0, len(digits) - 2 * TELLING + 1, 2))
            found[f"{kind}: {name}"] = (plain, coded)
    return found


NEEDLES = needles()


def told_in(said):
    """The names of the secrets that a text tells, or a telling part of them."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if not text:
        return set()
    readings = unfolded(text)
    lowered = "\n".join(reading.lower() for reading in readings)
    as_it_is = "\n".join(readings)
    return {name for name, (plain, coded) in NEEDLES.items() if any(one in lowered for one in plain) or any(one in as_it_is for one in coded)}


assert told_in(json.dumps(GIVEN["variable"])) == {"given: variable"}
assert told_in(urllib.parse.quote(GIVEN["token"][:10])) == {"given: token"}
assert told_in("x" + base64.b64encode(b"ab" + GIVEN["stdin"].encode()).decode()) == {"given: stdin"}
assert not told_in("[redacted] tk_ and more")
