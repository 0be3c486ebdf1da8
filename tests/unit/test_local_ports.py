"""Ports of the embedded stack: free, distinct, and the same again."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.ports import choose_ports, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_every_part_gets_a_free_port_of_its_own(tmp_path: Path) -> None:
    chosen = choose_ports(tmp_path / "ports.json", {"nats": None, "temporal": None, "board": None})
    assert len(set(chosen.values())) == 3
    assert all(is_free(port) for port in chosen.values())


def test_the_ports_of_the_last_start_are_used_again(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    first = choose_ports(memory, {"nats": None, "temporal": None})
    assert choose_ports(memory, {"nats": None, "temporal": None}) == first


def test_a_remembered_port_that_is_taken_is_replaced(
    tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "PATIENCE_SECONDS", 0.0)
    memory = tmp_path / "ports.json"
    memory.write_text(f'{{"nats": {taken}}}')
    assert choose_ports(memory, {"nats": None})["nats"] != taken


def test_a_given_port_wins_over_a_remembered_one(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    first = choose_ports(memory, {"nats": None})
    given = choose_ports(tmp_path / "other.json", {"nats": None})["nats"]
    assert choose_ports(memory, {"nats": given})["nats"] == given != first["nats"]


def test_a_given_port_that_is_in_use_is_refused(tmp_path: Path, taken: int) -> None:
    with pytest.raises(OSError, match=f"^Port {taken}, given for nats, is in use\\.$"):
        choose_ports(tmp_path / "ports.json", {"nats": taken})


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"nats": "x"}', "7", '{"nats": 70000}'])
def test_a_spoilt_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    memory = tmp_path / "ports.json"
    memory.write_text(content)
    assert is_free(choose_ports(memory, {"nats": None})["nats"])
