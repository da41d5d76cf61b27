"""Pods: what happens to real processes, and how their statuses, events and logs tell of it."""

import os
import time
from pathlib import Path

import httpx
from kubernetes.watch import Watch

from tests.sandbox_kubernetes.stage import Json, Stage, deployment, service
from tests.sandbox_kubernetes.yard import Yard, file, layer

CRASH = "console.log('starting'); throw new Error('Cannot find /etc/nothing');"
HANG = "setInterval(() => {}, 1000);"


def test_a_program_that_dies_is_restarted_once_at_once_and_then_backs_off(
    stage: Stage, yard: Yard
) -> None:
    stage.apply(deployment(yard.node("crash", CRASH), 1))

    status = stage.waits_for("CrashLoopBackOff")

    ended = status["lastState"]["terminated"]
    assert status["restartCount"] == 1
    assert (ended["reason"], ended["exitCode"]) == ("Error", 1)
    assert status["state"]["waiting"]["message"].startswith(
        "back-off 10s restarting failed container=app pod=web-"
    )
    assert "BackOff" in {event["reason"] for event in stage.events("BackOff")}
    assert stage.pods()[0]["status"]["phase"] == "Running"


def test_logs_of_the_present_and_the_previous_life(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(yard.node("crash", CRASH), 1))
    stage.waits_for("CrashLoopBackOff")

    assert stage.log().splitlines()[0] == "starting"
    assert "Error: Cannot find /etc/nothing" in stage.log(previous=True)
    assert "/app/server.js:1" in stage.log()
    assert stage.log(tail_lines=1, limit_bytes=3) == "Nod"
    assert stage.log(timestamps=True, tail_lines=1)[:2] == "20"


def test_the_log_of_what_never_ran_is_refused_with_the_reason(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(f"{yard.host}/absent:1", 1))
    status = stage.waits_for("ErrImagePull")
    name = stage.pods()[0]["metadata"]["name"]

    refused = stage.refusal(stage.log)
    earlier = stage.refusal(lambda: stage.log(previous=True))

    assert status["state"]["waiting"]["message"].endswith(f"{yard.host}/absent:1: not found")
    assert refused["message"] == (
        f'container "app" in pod "{name}" is waiting to start: image can\'t be pulled'
    )
    assert earlier["message"] == f'previous terminated container "app" in pod "{name}" not found'


def test_an_unreachable_registry_and_foreign_hosts_say_so(stage: Stage) -> None:
    stage.apply(deployment("127.0.0.1:1/app:1", 1))

    refused = stage.waits_for("ErrImagePull")["state"]["waiting"]["message"]

    assert "dial tcp 127.0.0.1:1: connect: connection refused" in refused


def test_an_image_is_pulled_from_loopback_only(stage: Stage) -> None:
    stage.apply(deployment("registry.example.com/app:1", 1))

    refused = stage.waits_for("ErrImagePull")["state"]["waiting"]["message"]

    assert "dial tcp: lookup registry.example.com: no such host" in refused


def test_an_upper_case_name_is_no_image(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(f"{yard.host}/App:1", 1))

    message = stage.waits_for("InvalidImageName")["state"]["waiting"]["message"]

    assert "repository name (App) must be lowercase" in message


def test_a_missing_program_is_a_start_error(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(yard.node("next"), 1, command=["next", "start"]))

    status = stage.waits_for("RunContainerError")

    ended = status["lastState"]["terminated"]
    assert (ended["reason"], ended["exitCode"]) == ("StartError", 128)
    assert 'exec: "next": executable file not found in $PATH' in ended["message"]
    assert stage.log() == ""


def test_a_missing_config_map_holds_the_container_back(stage: Stage, yard: Yard) -> None:
    source = {"configMapRef": {"name": "absent"}}
    stage.apply(deployment(yard.node("good"), 1, envFrom=[source]))

    waiting = stage.waits_for("CreateContainerConfigError")["state"]["waiting"]

    assert waiting["message"] == 'configmap "absent" not found'


def test_variables_come_from_everywhere(stage: Stage, yard: Yard) -> None:
    print_all = "console.log([process.env.A, process.env.B, process.env.C, process.env.D].join())"
    stage.call("POST", "configmaps", {"metadata": {"name": "m"}, "data": {"A": "map"}})
    secret = {"metadata": {"name": "s"}, "stringData": {"key": "secret"}}
    stage.call("POST", "secrets", secret)
    variables = [
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "key"}}},
        {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
        {"name": "D", "value": "$(B)-$(none)"},
    ]
    source = {"configMapRef": {"name": "m"}}
    image = yard.node("print", print_all + ";" + HANG)

    stage.apply(deployment(image, 1, env=variables, envFrom=[source]))

    stage.wait(lambda: "running" in stage.container()["state"] and bool(stage.log()))
    assert stage.log() == f"map,secret,{stage.namespace},secret-$(none)\n"


def test_a_config_map_is_a_folder_of_the_container(stage: Stage, yard: Yard) -> None:
    read = "console.log(require('fs').readFileSync('config/a.json', 'utf8'));" + HANG
    stage.call("POST", "configmaps", {"metadata": {"name": "m"}, "data": {"a.json": "{}"}})
    mount = {"name": "files", "mountPath": "/app/config"}
    manifest = deployment(yard.node("read", read), 1, volumeMounts=[mount])
    volumes = [{"name": "files", "configMap": {"name": "m"}}]
    manifest["spec"]["template"]["spec"]["volumes"] = volumes

    stage.apply(manifest)

    stage.wait(lambda: "running" in stage.container()["state"] and bool(stage.log()))
    assert stage.log() == "{}\n"


def test_liveness_kills_and_restarts(stage: Stage, yard: Yard) -> None:
    probe = {"httpGet": {"port": 8080}, "periodSeconds": 1, "failureThreshold": 1}
    probe["initialDelaySeconds"] = 1
    stage.apply(deployment(yard.node("hang", HANG), 1, livenessProbe=probe))

    stage.wait(lambda: stage.container()["restartCount"] == 1)

    killing = stage.events("Killing")[0]["message"]
    assert killing == "Container app failed liveness probe, will be restarted"
    assert stage.container()["lastState"]["terminated"]["reason"] == "Error"


def test_memory_beyond_the_limit_is_the_end(stage: Stage, yard: Yard) -> None:
    eat = "const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 20);"
    limits = {"limits": {"memory": "128Mi"}}

    stage.apply(deployment(yard.node("eat", eat), 1, resources=limits))

    stage.wait(lambda: "terminated" in stage.container()["lastState"])
    ended = stage.container()["lastState"]["terminated"]
    assert (ended["reason"], ended["exitCode"]) == ("OOMKilled", 137)


def test_a_deleted_pod_ends_in_order_and_then_is_gone(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(yard.node("good"), 1, lifecycle={"preStop": {"sleep": {"seconds": 1}}}))
    stage.wait(stage.is_rolled_out)
    name = stage.pods()[0]["metadata"]["name"]

    going = stage.call("DELETE", f"pods/{name}")

    assert going["metadata"]["deletionGracePeriodSeconds"] == 5
    assert "running" in going["status"]["containerStatuses"][0]["state"]
    stage.wait(
        lambda: name not in [p["metadata"]["name"] for p in stage.call("GET", "pods")["items"]]
    )
    stage.wait(stage.is_rolled_out)


def test_a_program_that_ignores_the_request_to_end_is_killed(stage: Stage, yard: Yard) -> None:
    stubborn = "process.on('SIGTERM', () => {});console.log('deaf now');" + HANG
    stage.apply(deployment(yard.node("stubborn", stubborn), 1))
    stage.wait(lambda: "running" in stage.container()["state"] and "deaf" in stage.log())
    name = stage.pods()[0]["metadata"]["name"]
    begun = time.monotonic()

    stage.call("DELETE", f"pods/{name}", gracePeriodSeconds="1")

    stage.wait(
        lambda: name not in [p["metadata"]["name"] for p in stage.call("GET", "pods")["items"]]
    )
    assert time.monotonic() - begun >= 1


def test_a_second_deletion_shortens_the_grace_period(stage: Stage, yard: Yard) -> None:
    stubborn = "process.on('SIGTERM', () => {});" + HANG
    manifest = deployment(yard.node("stubborn", stubborn), 1)
    manifest["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 600
    stage.apply(manifest)
    stage.wait(lambda: "running" in stage.container()["state"])
    name = stage.pods()[0]["metadata"]["name"]
    stage.call("DELETE", f"pods/{name}")

    stage.call("DELETE", f"pods/{name}", gracePeriodSeconds="0")

    stage.wait(lambda: name not in names(stage))
    stage.apply(deployment(yard.node("stubborn"), 0), force="true")
    for pod in stage.pods():
        stage.call("DELETE", f"pods/{pod['metadata']['name']}", gracePeriodSeconds="0")


def names(stage: Stage) -> list[str]:
    return [pod["metadata"]["name"] for pod in stage.call("GET", "pods")["items"]]


def test_a_service_is_really_served(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(yard.node("good"), 2))
    port = stage.apply(service())["spec"]["ports"][0]["nodePort"]
    stage.wait(stage.is_rolled_out)

    assert httpx.get(f"http://127.0.0.1:{port}/").text == "1"


def test_children_of_a_container_end_with_it(stage: Stage, yard: Yard) -> None:
    spawn = (
        "const child = require('child_process').spawn(process.execPath, ['-e', "
        "'setInterval(() => {}, 1000)']); console.log(child.pid); setTimeout(() => {}, 1e6);"
    )
    stage.apply(deployment(yard.node("spawn", spawn), 1))
    stage.wait(lambda: "running" in stage.container()["state"] and bool(stage.log()))
    child = int(stage.log())
    name = stage.pods()[0]["metadata"]["name"]

    stage.call("DELETE", f"pods/{name}")

    stage.wait(lambda: not _is_alive(child))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_an_image_that_appears_later_is_found(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(f"{yard.host}/app:later", 1))
    stage.waits_for("ErrImagePull")
    yard.node("later")

    stage.wait(stage.is_rolled_out)


def test_a_file_that_cannot_be_run_says_so_in_its_log(stage: Stage, yard: Yard) -> None:
    image = yard.push("garbage", layer([file("app/run", "no program", 0o755)]), Cmd=["./run"])

    stage.apply(deployment(image, 1))

    stage.wait(lambda: "terminated" in stage.container()["lastState"])
    assert stage.container()["lastState"]["terminated"]["exitCode"] == 1
    assert stage.log(previous=True) == "exec /app/run: exec format error\n"


def test_a_script_of_the_image_runs_by_its_path(stage: Stage, yard: Yard) -> None:
    script = file("app/run.sh", "#!/bin/sh\necho by path; sleep 100\n", 0o755)
    image = yard.push("script", layer([script]), Cmd=["/app/run.sh"])

    stage.apply(deployment(image, 1))

    stage.wait(lambda: "running" in stage.container()["state"] and bool(stage.log()))
    assert stage.log() == "by path\n"


def last_of(stage: Stage, name: str) -> Json:
    """Delete a pod and return the last status that it shows."""
    version = stage.call("GET", "pods")["metadata"]["resourceVersion"]
    stage.call("DELETE", f"pods/{name}")
    changes = Watch().stream(
        stage.core.list_namespaced_pod,
        stage.namespace,
        field_selector=f"metadata.name={name}",
        resource_version=version,
        timeout_seconds=20,
    )
    return next(each["raw_object"] for each in changes if each["type"] == "DELETED")["status"]


def test_a_pod_that_is_deleted_shows_how_it_ended_before_it_goes(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(yard.node("good"), 1))
    stage.wait(stage.is_rolled_out)

    status = last_of(stage, stage.pods()[0]["metadata"]["name"])

    ended = status["containerStatuses"][0]["state"]["terminated"]
    assert (status["phase"], ended["reason"], ended["exitCode"]) == ("Succeeded", "Completed", 0)


def test_a_pod_that_never_ran_ends_as_lost(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(f"{yard.host}/absent:1", 1))
    stage.waits_for("ErrImagePull")

    status = last_of(stage, stage.pods()[0]["metadata"]["name"])

    ended = status["containerStatuses"][0]["state"]["terminated"]
    assert (status["phase"], ended["exitCode"]) == ("Failed", 137)
    assert ended["reason"] == "ContainerStatusUnknown"


def test_a_pod_in_a_back_off_ends_with_its_last_crash(stage: Stage, yard: Yard) -> None:
    stage.apply(deployment(yard.node("crash", CRASH), 1))
    stage.waits_for("CrashLoopBackOff")

    status = last_of(stage, stage.pods()[0]["metadata"]["name"])

    container = status["containerStatuses"][0]
    ended = container["state"]["terminated"]
    assert (status["phase"], ended["reason"], ended["exitCode"]) == ("Failed", "Error", 1)
    assert (container["lastState"], container["restartCount"]) == ({}, 1)


def test_a_start_that_takes_too_long_is_ended(stage: Stage, yard: Yard) -> None:
    probe = {"tcpSocket": {"port": 8080}, "periodSeconds": 1, "failureThreshold": 1}
    stage.apply(deployment(yard.node("hang", HANG), 1, startupProbe=probe))

    stage.wait(lambda: stage.container()["restartCount"] == 1)

    killing = stage.events("Killing")[0]["message"]
    assert killing == "Container app failed startup probe, will be restarted"


def test_an_init_container_runs_before_the_others_and_is_ready_when_it_is_done(
    stage: Stage, yard: Yard
) -> None:
    manifest = deployment(yard.node("good"), 1)
    first = {"name": "first", "image": yard.node("done", "setTimeout(() => {}, 1500)")}
    manifest["spec"]["template"]["spec"]["initContainers"] = [first]
    stage.apply(manifest)

    stage.wait(lambda: "running" in initial(stage)["state"])
    assert not initial(stage)["ready"]
    assert stage.container()["state"] == {"waiting": {"reason": "PodInitializing"}}

    stage.wait(stage.is_rolled_out)
    assert initial(stage)["ready"]


def initial(stage: Stage) -> Json:
    """Return the status of the pod's init container."""
    stage.container()
    status: Json = stage.pods()[0]["status"]["initContainerStatuses"][0]
    return status
