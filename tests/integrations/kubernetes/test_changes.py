from opsbot.integrations.kubernetes import changes


def lines(before: object, after: object) -> list[str]:
    return [each.line for each in changes.between(before, after)]


def test_equal_values_have_no_changes() -> None:
    assert lines({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == []


def test_fields_come_go_and_change() -> None:
    found = lines({"a": 1, "b": {"c": 2}}, {"b": {"c": 3}, "d": "x"})

    assert found == ["- a: 1", "~ b.c: 2 -> 3", '+ d: "x"']


def test_named_entries_are_compared_by_name_whatever_their_order() -> None:
    before = {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
    after = {"env": [{"name": "B", "value": "3"}, {"name": "A", "value": "1"}]}

    assert lines(before, after) == ['~ env[B].value: "2" -> "3"']


def test_other_lists_are_shown_as_a_whole() -> None:
    assert lines({"args": ["a"]}, {"args": ["a", "b"]}) == ['~ args: ["a"] -> ["a","b"]']


def test_an_entry_that_is_new_is_shown_as_a_whole() -> None:
    assert lines({"env": [{"name": "A"}]}, {"env": [{"name": "A"}, {"name": "B"}]}) == [
        '+ env[B]: {"name":"B"}'
    ]


def test_a_secret_value_changes_without_being_shown() -> None:
    before = {"env": [{"name": "DB_PASSWORD", "value": "old-one"}]}
    after = {"env": [{"name": "DB_PASSWORD", "value": "new-one"}]}

    assert lines(before, after) == ["~ env[DB_PASSWORD].value: *** -> ***"]


def test_a_secret_inside_a_value_is_masked() -> None:
    found = lines({"a": 1}, {"a": 1, "env": [{"name": "API_TOKEN", "value": "hunter2secret"}]})

    assert found == ['+ env: [{"name":"API_TOKEN","value":"***"}]']


def test_an_url_keeps_all_but_its_password() -> None:
    found = lines({"a": 1}, {"a": "postgres://app:hunter2secret@db/x"})

    assert found == ['~ a: 1 -> "postgres://app:***@db/x"']


def test_a_new_object_shows_each_field() -> None:
    container = {
        "name": "app",
        "args": ["x"],
        "resources": {"limits": {"memory": "1Mi"}},
        "env": [{"name": "A", "value": "1"}, {"name": "EMPTY"}],
        "volumeMounts": [],
    }

    assert [each.line for each in changes.of_new({"spec": {"containers": [container]}})] == [
        '+ spec.containers[app].args: ["x"]',
        '+ spec.containers[app].env[A].value: "1"',
        '+ spec.containers[app].env[EMPTY]: {"name":"EMPTY"}',
        '+ spec.containers[app].resources.limits.memory: "1Mi"',
        "+ spec.containers[app].volumeMounts: []",
    ]


def test_a_switch_is_no_secret_whatever_its_name() -> None:
    before = {"automountServiceAccountToken": False}

    assert lines(before, {"automountServiceAccountToken": True}) == [
        "~ automountServiceAccountToken: false -> true"
    ]
