"""How MCP servers for Kubernetes speak.

Some have a tool for each kind of object (`list_pods`), some one tool for all kinds, told by an
argument (`kubectl_get` with `resourceType`), many have both. kubectl's verbs are the common tongue:
get, describe, logs, apply, scale, and rollout with its subcommands status, undo and restart.
"""

from opsbot.capabilities.matching.row import Table, role, way
from opsbot.capabilities.matching.words import one_by_one
from opsbot.vocabulary.words import ServerKind

_WORKLOADS = ("deployment", "rollout deployment", "rollout", "workload", "resource", "")
_WHERE = "namespace server page format"
_OF_PODS = "namespace name status running label selector deployment"

TABLE = Table(
    kind=ServerKind.KUBERNETES,
    own_names=one_by_one("kubernetes k8s kube kubectl eks aks gke oc openshift ocp k3s"),
    marks=one_by_one(
        "kubernetes k8s kube kubectl eks aks gke openshift k3s pod configmap daemonset "
        "statefulset kubeconfig"
    ),
    usual=one_by_one("namespace deployment rollout replica service"),
    roles=(
        role("namespace", "namespace", "name target"),
        role("deployment", "name deployment workload", "resource object"),
        role("service", "name service", "resource object"),
        role("pod", "pod name", "resource object selector label"),
        role("selector", "selector label", "field pod", repeats=True),
        role("container", "container", "name"),
        role("version", "api group version", "resource", repeats=True),
        role(
            "manifest",
            "manifest yaml resource object content body definition spec document json",
            "raw text string data deployment",
            takes_object=True,
        ),
        role("replicas", "replica count scale size", "desired number new target of"),
        role("revision", "revision", "to number target"),
        role(
            "server",
            "context cluster parent project location region zone subscription account "
            "server profile environment group",
            "name id resource kube config arn",
            repeats=True,
        ),
        role(
            "page",
            "limit page size tail line since second minute previous follow timestamp max byte",
            "count log result number",
            repeats=True,
        ),
        role("format", "output format", "type", repeats=True),
    ),
    ways=(
        way(
            "apply_deployment",
            "manifest",
            "yaml",
            "",
            "resource",
            "deployment",
            "object",
            verbs="apply upsert",
            beside="manifest yaml resource server side deployment",
            needs="manifest",
            fills="kind deployment namespace version server",
        ),
        way(
            "apply_deployment",
            "manifest",
            "yaml",
            verbs="deploy",
            beside="manifest yaml",
            needs="manifest",
            fills="namespace server",
        ),
        way(
            "get_pods",
            "pod",
            beside=_OF_PODS,
            needs="namespace",
            fills=f"{_WHERE} selector container",
        ),
        way("get_pods", "pod", beside=_OF_PODS, fills=f"{_WHERE} selector container"),
        way(
            "get_pods",
            "",
            "resource",
            "object",
            needs="kind namespace",
            fills=f"{_WHERE} version selector",
        ),
        way(
            "get_pod_logs",
            "log",
            beside="pod container",
            needs="pod",
            fills=f"kind {_WHERE} container selector",
        ),
        way(
            "scale_deployment",
            *_WORKLOADS,
            verbs="scale",
            beside="replica workload",
            needs="deployment replicas",
            fills="kind namespace version server",
        ),
        way(
            "scale_deployment",
            "replica",
            "scale",
            verbs="set update change adjust",
            beside="deployment count",
            needs="deployment replicas",
            fills="kind namespace version server",
        ),
        way(
            "rollback_deployment",
            *_WORKLOADS,
            verbs="rollback undo revert",
            beside="rollout workload revision previous last",
            needs="deployment",
            fills="kind namespace version server revision",
        ),
        way(
            "get_service",
            "service",
            beside="status namespace",
            needs="namespace",
            fills=f"service selector {_WHERE}",
        ),
        way(
            "get_service",
            "",
            "resource",
            "object",
            needs="kind namespace",
            fills=f"service version selector {_WHERE}",
        ),
        way(
            "get_deployment",
            "deployment",
            "workload",
            beside="status namespace workload",
            needs="namespace",
            fills=f"deployment selector {_WHERE}",
        ),
        way(
            "get_deployment",
            "",
            "resource",
            "object",
            needs="kind namespace",
            fills=f"deployment version selector {_WHERE}",
        ),
        way(
            "get_rollout_status",
            "rollout status",
            "rollout",
            "deployment status",
            "workload status",
            beside="rollout status deployment workload wait",
            number="one",
            needs="deployment",
            fills=f"kind version {_WHERE}",
        ),
        way(
            "restart_deployment",
            *_WORKLOADS,
            verbs="restart bounce recycle",
            beside="rollout rolling workload",
            needs="deployment",
            fills="kind namespace version server",
        ),
        way(
            "get_events",
            "event",
            beside="pod namespace cluster warning recent latest deployment resource",
            needs="namespace",
            fills=f"kind deployment version selector {_WHERE}",
        ),
        way(
            "get_events",
            "",
            "resource",
            "object",
            needs="kind namespace",
            fills=f"version selector {_WHERE}",
        ),
    ),
)
