"""The tables, checked: a word that no name can have, or a role that is nowhere, is a slip."""

from importlib import import_module

import pytest

from opsbot.capabilities import catalog
from opsbot.capabilities.matching.calling import KIND
from opsbot.capabilities.matching.words import words_of
from opsbot.vocabulary.words import ServerKind

OWN = {"backup_release", "restore_release"}
"""A saved release is OPS Bot's own form; no server can write or read it."""


@pytest.fixture(params=list(ServerKind))
def table(request):
    return import_module(f"opsbot.capabilities.matching.tables.{request.param.value}").TABLE


def test_every_capability_of_the_kind_has_a_way_but_those_of_ops_bot_alone(table):
    assert {way.capability for way in table.ways} == set(catalog.NATIVE[table.kind]) - OWN


def test_every_role_that_a_way_names_is_there(table):
    roles = {role.name for role in table.roles} | {KIND}

    assert {name for way in table.ways for name in (*way.fills, *way.refuses)} <= roles


def test_every_role_is_used(table):
    used = {name for way in table.ways for name in (*way.fills, *way.refuses)}

    assert {role.name for role in table.roles} <= used


def test_every_word_is_spelt_as_the_words_of_names_are(table):
    known = frozenset(
        word
        for way in table.ways
        for word in (*way.verbs, *way.beside, *(word for thing in way.things for word in thing))
    ) | frozenset(word for role in table.roles for word in role.head | role.beside)

    wrong = {word for word in known if [each.text for each in words_of(word, known)] != [word]}

    assert wrong == set()


def test_a_way_that_needs_no_name_needs_an_input_that_tells(table):
    silent = [way.capability for way in table.ways if frozenset() in way.things and not way.needs]

    assert silent == []
