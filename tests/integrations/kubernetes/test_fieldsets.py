from typing import Any

import pytest

from opsbot.integrations.kubernetes import fieldsets

APP = 'k:{"name":"app"}'
PORT = 'k:{"containerPort":3000,"protocol":"TCP"}'
DOCUMENT = {
    "f:metadata": {"f:labels": {".": {}, "f:app": {}}, "f:finalizers": {'v:"a/b"': {}}},
    "f:spec": {
        "f:replicas": {},
        "f:template": {
            "f:spec": {
                "f:containers": {
                    APP: {".": {}, "f:image": {}, "f:name": {}, "f:ports": {PORT: {".": {}}}}
                }
            }
        },
    },
}
CONTAINER = ("f:spec", "f:template", "f:spec", "f:containers", APP)


def test_a_document_survives_reading_and_writing() -> None:
    assert fieldsets.write(fieldsets.read(DOCUMENT)) == {
        **DOCUMENT,
        "f:spec": {
            **DOCUMENT["f:spec"],
            "f:template": {
                "f:spec": {
                    "f:containers": {
                        APP: {".": {}, "f:image": {}, "f:name": {}, "f:ports": {PORT: {}}}
                    }
                }
            },
        },
    }


def test_a_node_is_owned_apart_from_what_is_under_it() -> None:
    fields = fieldsets.read(DOCUMENT)

    assert ("f:metadata", "f:labels") in fields
    assert ("f:metadata", "f:finalizers") not in fields
    assert fieldsets.write(fields - {("f:metadata", "f:labels", "f:app")})["f:metadata"] == {
        "f:labels": {},
        "f:finalizers": {'v:"a/b"': {}},
    }


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((*CONTAINER, "f:image"), '.spec.template.spec.containers[name="app"].image'),
        ((*CONTAINER, "f:ports", PORT), '[containerPort=3000,protocol="TCP"]'),
        (("f:metadata", "f:finalizers", 'v:"a/b"'), '.metadata.finalizers[="a/b"]'),
        (("f:args", "i:0"), ".args[0]"),
        (("f:x", "k:not json"), ".x[]"),
    ],
)
def test_a_path_is_spelled_as_the_api_server_does(path: tuple[str, ...], words: str) -> None:
    assert fieldsets.spelled(path).endswith(words)


def test_what_an_owner_has_is_extracted_with_the_keys_of_its_items() -> None:
    ports = [{"name": "http", "containerPort": 3000, "protocol": "TCP"}]
    container = {"name": "app", "image": "a:1", "imagePullPolicy": "Always", "ports": ports}
    live = {
        "apiVersion": "apps/v1",
        "metadata": {"name": "x", "labels": {"app": "x", "z": "z"}, "finalizers": ["c/d", "a/b"]},
        "spec": {
            "replicas": 2,
            "paused": False,
            "template": {"spec": {"containers": [{"name": "proxy"}, container]}},
        },
    }

    assert fieldsets.extract(live, fieldsets.read(DOCUMENT)) == {
        "metadata": {"labels": {"app": "x"}, "finalizers": ["a/b"]},
        "spec": {
            "replicas": 2,
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "app",
                            "image": "a:1",
                            "ports": [{"containerPort": 3000, "protocol": "TCP"}],
                        }
                    ]
                }
            },
        },
    }


def test_what_is_owned_as_a_whole_is_extracted_as_a_whole() -> None:
    fields = fieldsets.read({"f:spec": {"f:selector": {}, "f:gone": {}}})

    found = fieldsets.extract({"spec": {"selector": {"matchLabels": {"a": "b"}}}}, fields)

    assert found == {"spec": {"selector": {"matchLabels": {"a": "b"}}}}


@pytest.mark.parametrize(
    "document", [None, "x", [], {"spec": {}}, {"f:a": None, "f:b": []}, {1: {}}, {"f:a": {"x": {}}}]
)
def test_s12_a_malformed_document_owns_nothing_it_does_not_name(document: Any) -> None:
    found = fieldsets.read(document)

    assert found <= {("f:a",)}
    assert fieldsets.extract({"metadata": {"name": "x"}}, found) == {}
