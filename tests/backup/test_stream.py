"""Sealed bytes: read again as they were, or refused."""

import io

import pytest

from cross.backup import CannotBackUp, stream

KEY, OTHER = bytes(range(32)), bytes(32)
SIZES = (0, 1, stream.CHUNK_BYTES - 1, stream.CHUNK_BYTES, stream.CHUNK_BYTES + 1, 3_500_000)
HEADER = len(stream.MAGIC) + stream.SALT_BYTES + stream.PREFIX_BYTES


def sealed(clear, key=KEY, name="part"):
    file = io.BytesIO()
    with stream.Sealer(file, key, name) as sealer:
        for start in range(0, len(clear), 70_000):
            sealer.write(clear[start : start + 70_000])
    return file.getvalue()


def opened(text, key=KEY, name="part"):
    return b"".join(stream.opened(io.BytesIO(text), key, name, "base"))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_is_read_again(size):
    clear = bytes(number % 251 for number in range(251)) * (size // 251 + 1)
    clear = clear[:size]
    text = sealed(clear)
    assert opened(text) == clear
    assert clear[:200] == b"" or size < 40 or clear[:40] not in text


def chunks_of(text):
    body = text[HEADER:]
    return [body[at : at + stream.SEALED_BYTES] for at in range(0, len(body), stream.SEALED_BYTES)]


def flipped(text, at):
    return text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]


def test_whatever_is_changed_shows():
    text = sealed(b"x" * 3_000_000)
    first, second, third = chunks_of(text)
    head = text[:HEADER]
    changed = {
        "a byte of a chunk": flipped(text, HEADER + 5),
        "a byte of a later chunk": flipped(text, HEADER + stream.SEALED_BYTES + 9),
        "a byte of the salt": flipped(text, len(stream.MAGIC) + 2),
        "the end cut in a chunk": text[:-10],
        "the last chunk cut": head + first + second,
        "all chunks cut": head,
        "two chunks exchanged": head + second + first + third,
        "a chunk twice": head + first + first + second + third,
        "a chunk of another file": head + chunks_of(sealed(b"x" * 3_000_000))[0] + second + third,
        "something after the end": text + third,
        "another beginning": b"PK" + text[2:],
        "nothing": b"",
    }
    for name, each in changed.items():
        with pytest.raises(CannotBackUp):
            pytest.fail(f"{name}: {len(opened(each))} bytes were read")


def test_another_key_or_another_part_opens_nothing():
    text = sealed(b"what people sent")
    with pytest.raises(CannotBackUp, match="pas la bonne clé"):
        opened(text, key=OTHER)
    with pytest.raises(CannotBackUp, match="pas la bonne clé"):
        opened(text, name="other")


def test_a_key_is_never_written_over_nor_read_when_others_may(tmp_path):
    path = tmp_path / "cle"
    stream.make_key(path)
    assert len(stream.read_key(path)) == stream.KEY_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotBackUp, match="existe déjà"):
        stream.make_key(path)
    path.chmod(0o640)
    with pytest.raises(CannotBackUp, match="lisible par d’autres"):
        stream.read_key(path)
    path.write_text("une phrase")
    path.chmod(0o600)
    with pytest.raises(CannotBackUp, match="pas une clé"):
        stream.read_key(path)
    with pytest.raises(CannotBackUp, match="ne se lit pas"):
        stream.read_key(tmp_path / "absente")
