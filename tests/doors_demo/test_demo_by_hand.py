"""The lines that the demo gives to go on by hand: they are run here, against a real server."""

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from opsbot.doors.demo import by_hand
from opsbot.doors.demo.connections import Systems
from opsbot.doors.demo.stack import AirflowAddress

PLACE = {
    "dag_id": "opsbot__my-application__production",
    "dag_run_id": "plan_restart_production_1",
    "task_id": "approval",
    "id": "ti",
}


@pytest.fixture
def airflow():
    """A server that answers like Airflow and remembers what it was sent."""
    sent = []

    class Answers(BaseHTTPRequestHandler):
        def _answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            sent.append((self.command, self.path, self.headers.get("Authorization"), body))
            found = {"access_token": "tok", "hitl_details": [{"task_instance": PLACE}]}
            data = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = AirflowAddress(
        url=f"http://127.0.0.1:{server.server_port}", user="admin", password="p'w d"
    )
    yield address, sent
    server.shutdown()
    server.server_close()


def test_the_lines_log_in_ask_and_approve(airflow):
    address, sent = airflow
    lines = [each for each in by_hand.commands(address) if each.startswith("  ")]

    script = "set -e\n" + "\n".join(lines)
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)

    assert ran.returncode == 0, ran.stderr
    login, trigger, waiting, answer = sent
    assert login[:2] == ("POST", "/auth/token")
    assert login[3] == {"username": "admin", "password": "p'w d"}
    assert trigger == (
        "POST",
        "/api/v2/dags/opsbot/dagRuns",
        "Bearer tok",
        {"logical_date": None, "conf": {"command": by_hand.CHANGE}},
    )
    assert waiting[:3] == (
        "GET",
        "/api/v2/dags/~/dagRuns/~/hitlDetails?response_received=false",
        "Bearer tok",
    )
    assert answer == (
        "PATCH",
        f"/api/v2/dags/{PLACE['dag_id']}/dagRuns/{PLACE['dag_run_id']}"
        "/taskInstances/approval/-1/hitlDetails",
        "Bearer tok",
        {"chosen_options": ["Approve"], "params_input": {}},
    )


def test_every_system_has_its_address():
    systems = Systems.model_validate(
        {
            "jenkins": {"url": "http://127.0.0.1:1", "user": "u", "token": "JENKINS-TOKEN"},
            "sonarqube": {"url": "http://127.0.0.1:2", "token": "SONAR-TOKEN"},
            "docker": {"host": "tcp://127.0.0.1:3"},
            "registry": "127.0.0.1:4",
            "kubernetes": {"kubeconfig": "/tmp/a folder/kubeconfig"},
            "slack": {"webhook": "http://127.0.0.1:5/hook", "messages": "http://127.0.0.1:5/m"},
            "base_image": "b",
            "repository": "/tmp/r",
        }
    )

    text = "\n".join(by_hand.addresses(systems))

    assert all(f"127.0.0.1:{port}" in text for port in range(1, 6))
    assert "export KUBECONFIG='/tmp/a folder/kubeconfig'" in text
    assert "TOKEN" not in text
    assert "hook" not in text


def test_a_stack_without_systems_has_no_addresses():
    assert list(by_hand.addresses(None)) == []
