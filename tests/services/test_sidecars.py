"""Keywords in XMP side-cars: added to what is there, all else of a file is kept, hostile files are left alone."""

from __future__ import annotations

import errno
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mma_desktop.core.events import CancelToken
from mma_desktop.services.formats.kinds import xmp_keywords
from mma_desktop.services.formats.kinds.xmp_keywords import (
    KeywordReport,
    keywords_in,
    sidecar_of,
    with_keywords,
    write_keywords,
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
DARKTABLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="{RDF}">
  <rdf:Description rdf:about=""
    xmlns:dc="{DC}"
    xmlns:darktable="http://darktable.sf.net/"
   xmp:Rating="3" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
   darktable:history_end="2">
   <!-- kept > as it is -->
   <darktable:history>
    <rdf:Seq>
     <rdf:li darktable:params="gz03&#xA;eJz" darktable:operation="a > b"/>
    </rdf:Seq>
   </darktable:history>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>holiday</rdf:li>
     <rdf:li>Müller &amp; Söhne</rdf:li>
    </rdf:Bag>
   </dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
""".encode()
FORMS = {
    "packet": f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="" xmlns:dc="{DC}"><dc:subject><rdf:Bag/></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""",
    "no subject": f'<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="" xmlns:a="u" a:b="c"/></rdf:RDF>',
    "no description": f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="{RDF}"/></x:xmpmeta>',
    "empty subject": f'<r:RDF xmlns:r="{RDF}"><r:Description><s:subject xmlns:s="{DC}"/></r:Description></r:RDF>',
    "default namespace": f'<RDF xmlns="{RDF}"><Description><subject xmlns="{DC}"/></Description></RDF>',
    "dc is another": f'<r:RDF xmlns:r="{RDF}" xmlns:dc="other"><r:Description dc:subject="x"></r:Description></r:RDF>',
    "a byte order mark": f'\ufeff<r:RDF xmlns:r="{RDF}"><r:Description/></r:RDF>',
    "default namespace, no description": f'<RDF xmlns="{RDF}"></RDF>',
    "a sequence": f'<r:RDF xmlns:r="{RDF}"><r:Description><d:subject xmlns:d="{DC}"><r:Seq></r:Seq></d:subject>'
    "</r:Description></r:RDF>",
}
REFUSED = {
    "a bomb": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
    "a foreign entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "not closed": DARKTABLE[:-5],
    "no XML": b"\xff\xd8\xff\xe0 JFIF",
    "no XMP": b"<html><body/></html>",
    "Latin-1": b'<?xml version="1.0" encoding="iso-8859-1"?><x/>',
    "UTF-16": '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"),
    "plain keywords": f'<r:RDF xmlns:r="{RDF}"><r:Description><s:subject xmlns:s="{DC}">a, b</s:subject>'
    "</r:Description></r:RDF>".encode(),
    "an attribute": f'<r:RDF xmlns:r="{RDF}"><r:Description xmlns:s="{DC}" s:subject="a"/></r:RDF>'.encode(),
}


def read_elsewhere(data: bytes) -> list[str]:
    """The keywords as another parser finds them."""
    root = ElementTree.fromstring(data)
    found = root.iterfind(f".//{{{DC}}}subject/*/{{{RDF}}}li")
    return [one.text or "" for one in found]


def written(pictures: list[tuple[Path, str]], token: CancelToken | None = None) -> KeywordReport:
    report = write_keywords(pictures, len(pictures), token or CancelToken())
    assert isinstance(report, KeywordReport)
    return report


def test_a_new_side_car(tmp_path: Path) -> None:
    picture = tmp_path / "IMG 1.jpg"
    picture.write_bytes(b"x")
    assert written([(picture, "R&D <3 ]]> 'ä'")]).sentence() == "Keyword written for 1 picture."
    data = (tmp_path / "IMG 1.jpg.xmp").read_bytes()
    assert read_elsewhere(data) == keywords_in(data) == ["R&D <3 ]]> 'ä'"]
    assert picture.read_bytes() == b"x"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["IMG 1.jpg", "IMG 1.jpg.xmp"]


def test_all_else_of_a_side_car_is_kept_byte_for_byte() -> None:
    made = with_keywords(DARKTABLE, ["daisy", "HOLIDAY", "rose"])
    added = b"\n     <rdf:li>daisy</rdf:li>\n     <rdf:li>rose</rdf:li>"
    assert made.replace(added, b"", 1) == DARKTABLE
    assert read_elsewhere(made) == ["holiday", "Müller & Söhne", "daisy", "rose"]
    assert with_keywords(made, ["Daisy"]) == made


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_side_car(form: str) -> None:
    before = FORMS[form].encode()
    made = with_keywords(before, ["daisy", "a <b>"])
    assert read_elsewhere(made) == keywords_in(made) == ["daisy", "a <b>"]
    assert with_keywords(made, ["more"]).count(b"daisy") == 1
    assert read_elsewhere(with_keywords(made, ["more"])) == ["daisy", "a <b>", "more"]


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_left_as_it_is(kind: str, tmp_path: Path) -> None:
    picture, sidecar = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    picture.touch()
    sidecar.write_bytes(REFUSED[kind])
    report = written([(picture, "daisy")])
    assert report.written == 0
    assert len(report.left_out) == 1
    assert report.left_out[0].startswith(f"{sidecar} is left as it is: it")
    assert sidecar.read_bytes() == REFUSED[kind]


def test_an_existing_side_car_without_the_suffix_of_the_picture_is_used(tmp_path: Path) -> None:
    picture = tmp_path / "IMG.jpg"
    assert sidecar_of(picture) == tmp_path / "IMG.jpg.xmp"
    (tmp_path / "IMG.xmp").write_bytes(DARKTABLE)
    assert sidecar_of(picture) == tmp_path / "IMG.xmp"
    (tmp_path / "IMG.jpg.xmp").write_bytes(DARKTABLE)
    assert sidecar_of(picture) == tmp_path / "IMG.jpg.xmp"


def test_pictures_that_are_gone_and_links_are_left_out(tmp_path: Path) -> None:
    picture, other = tmp_path / "a.jpg", tmp_path / "other.xmp"
    picture.touch()
    other.write_bytes(DARKTABLE)
    (tmp_path / "a.jpg.xmp").symlink_to(other)
    report = written([(tmp_path / "gone.jpg", "daisy"), (picture, "daisy")])
    assert [one.split(tmp_path.name)[1] for one in report.left_out] == [
        "/gone.jpg is gone",
        "/a.jpg.xmp is left as it is: it is a link",
    ]
    assert other.read_bytes() == DARKTABLE
    assert not (tmp_path / "gone.jpg.xmp").exists()


def test_a_full_disk_ends_it_and_says_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [tmp_path / name for name in ("a.jpg", "b.jpg", "c.jpg")]
    for one in pictures:
        one.touch()
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if "b.jpg" in self.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    report = written([(one, "daisy") for one in pictures])
    assert report.sentence().startswith("The disk is full: ")
    assert report.sentence().endswith("nothing was lost. Keyword written for 1 picture, 2 left out.")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.jpg", "a.jpg.xmp", "b.jpg", "c.jpg"]


def test_a_side_car_that_cannot_be_written_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: Path, _data: bytes) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", locked)
    (tmp_path / "a.jpg").touch()
    report = written([(tmp_path / "a.jpg", "daisy")])
    assert report.left_out == [f"{tmp_path / 'a.jpg.xmp'} could not be written: Permission denied"]


def test_a_stopped_one_says_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = CancelToken()
    real = xmp_keywords.add_keyword

    def stopping(picture: Path, keyword: str) -> bool:
        token.cancel()
        return real(picture, keyword)

    monkeypatch.setattr(xmp_keywords, "add_keyword", stopping)
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).touch()
    report = written([(tmp_path / "a.jpg", "daisy"), (tmp_path / "b.jpg", "daisy")], token)
    assert report.sentence() == "Keyword written for 1 picture (stopped)."
