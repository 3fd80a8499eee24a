"""Commands about scenario files: new, check, show."""

import shutil
import sys

import pytest

from qyforecast.provenance import shipped_folder


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(shipped_folder("scenarios"), tmp_path / "scenarios")


def run(monkeypatch, capsys, *words):
    from qyforecast.cli import main

    monkeypatch.setattr(sys, "argv", ["qyforecast", "scenario", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err


def test_a_new_file_is_good_as_it_stands_and_is_not_overwritten(folder, monkeypatch, capsys):
    where = ("--scenarios", str(folder))
    code, out, _ = run(monkeypatch, capsys, "new", "more-homes", *where)
    assert code == 0
    assert "more-homes.yaml" in out
    code, out, _ = run(monkeypatch, capsys, "check", "more-homes", *where)
    assert code == 0
    assert "more-homes: good" in out
    code, _, err = run(monkeypatch, capsys, "new", "more-homes", *where)
    assert code == 2
    assert "of that name is there" in err


def test_the_lever_in_the_template_is_good_once_its_marks_are_gone(folder, monkeypatch, capsys):
    where = ("--scenarios", str(folder))
    run(monkeypatch, capsys, "new", "more-homes", *where)
    path = folder / "more-homes.yaml"
    lines = path.read_text("utf-8").replace("levers: []", "levers:").splitlines()
    path.write_text(
        "\n".join(row.removeprefix("#") if row.startswith("#  ") else row for row in lines)
    )
    code, out, err = run(monkeypatch, capsys, "check", "more-homes", *where)
    assert (code, err) == (0, "")
    assert "1 levers, 1 judged" in out


@pytest.mark.parametrize("name", ["../outside", "Homes", "a b", ""])
def test_a_name_that_leads_elsewhere_is_refused(name, folder, monkeypatch, capsys):
    code, _, err = run(monkeypatch, capsys, "new", name, "--scenarios", str(folder))
    assert code == 2
    assert "small letters" in err
    assert not (folder.parent / "outside.yaml").exists()


def test_every_bad_file_is_listed(folder, monkeypatch, capsys):
    for name, old, new in (("skills", "ramp: 6", "rampe: 6"), ("slow", "median", "medium")):
        path = folder / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    code, out, err = run(monkeypatch, capsys, "check", "--scenarios", str(folder))
    assert code == 2
    assert "skills.yaml, line" in err
    assert "slow.yaml, line" in err
    assert "did you mean 'ramp'?" in err
    assert "settling-in: good" in out


def test_show_tells_question_omissions_levers_and_grades(folder, monkeypatch, capsys):
    code, out, _ = run(monkeypatch, capsys, "show", "settling-in", "--scenarios", str(folder))
    assert code == 0
    for words in ("How much does it help", "It leaves out", "0.1 (0.02 to 0.25)", "*Judgement*"):
        assert words in out
    code, out, _ = run(monkeypatch, capsys, "show", "--scenarios", str(folder))
    assert "all-of-it" in out
    code, _, err = run(monkeypatch, capsys, "show", "setling-in", "--scenarios", str(folder))
    assert code == 2
    assert "did you mean 'settling-in'?" in err
