"""What the server fills in when a manifest is silent.

Exactly these values matter: a dry run shows them, and a Deployment's template is compared with
its ReplicaSets' after they were filled in.
"""

from opsbot.sandbox.kubernetes.problems import Json

_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_TOLERATIONS = [
    {
        "effect": "NoExecute",
        "key": f"node.kubernetes.io/{state}",
        "operator": "Exists",
        "tolerationSeconds": 300,
    }
    for state in ("not-ready", "unreachable")
]


def fill(kind: str, new: Json) -> None:
    """Fill the defaults of an object in."""
    match kind:
        case "Deployment":
            _deployment(new)
        case "ReplicaSet":
            new.setdefault("status", {"replicas": 0})
            new.setdefault("spec", {}).setdefault("replicas", 1)
            _template(new["spec"])
        case "Pod":
            _pod(new)
        case "Service":
            _service(new.setdefault("spec", {}))
            new.setdefault("status", {"loadBalancer": {}})
        case "Secret":
            new.setdefault("type", "Opaque")
        case "Namespace":
            new.setdefault("spec", {}).setdefault("finalizers", ["kubernetes"])
            new.setdefault("status", {}).setdefault("phase", "Active")
            labels = new["metadata"].setdefault("labels", {})
            labels["kubernetes.io/metadata.name"] = new["metadata"]["name"]


def _deployment(new: Json) -> None:
    new.setdefault("status", {})
    spec = new.setdefault("spec", {})
    spec.setdefault("replicas", 1)
    spec.setdefault("progressDeadlineSeconds", 600)
    spec.setdefault("revisionHistoryLimit", 10)
    strategy = spec.setdefault("strategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxUnavailable", "25%")
        rolling.setdefault("maxSurge", "25%")
    _template(spec)


def _template(spec: Json) -> None:
    template = spec.setdefault("template", {})
    template.setdefault("metadata", {})
    _pod_spec(template.setdefault("spec", {}))


def _pod(new: Json) -> None:
    spec = new.setdefault("spec", {})
    _pod_spec(spec)
    spec.setdefault("enableServiceLinks", True)
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    spec.setdefault("priority", 0)
    spec.setdefault("serviceAccountName", "default")
    spec.setdefault("serviceAccount", spec["serviceAccountName"])
    spec.setdefault("tolerations", _TOLERATIONS)
    for container in spec.get("containers", []) + spec.get("initContainers", []):
        resources = container["resources"]
        if limits := resources.get("limits"):
            resources["requests"] = {**limits, **resources.get("requests", {})}
    new.setdefault("status", {"phase": "Pending", "qosClass": _quality(spec)})


def _quality(spec: Json) -> str:
    resources = [container["resources"] for container in spec.get("containers", [])]
    if not any(resources):
        return "BestEffort"
    guaranteed = all(
        each.get("limits", {}).keys() >= {"cpu", "memory"} and each["limits"] == each["requests"]
        for each in resources
    )
    return "Guaranteed" if guaranteed else "Burstable"


def _pod_spec(spec: Json) -> None:
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("schedulerName", "default-scheduler")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    if "serviceAccountName" in spec:
        spec.setdefault("serviceAccount", spec["serviceAccountName"])
    for container in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]:
        _container(container)
    for volume in spec.get("volumes") or []:
        _volume(volume)


def _container(container: Json) -> None:
    image = container.get("image", "")
    tag = image.rpartition("/")[2]
    moving = "@" not in tag and (":" not in tag or tag.endswith(":latest"))
    container.setdefault("imagePullPolicy", "Always" if moving else "IfNotPresent")
    container.setdefault("resources", {})
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    for port in container.get("ports") or []:
        port.setdefault("protocol", "TCP")
    for variable in container.get("env") or []:
        if field := (variable.get("valueFrom") or {}).get("fieldRef"):
            field.setdefault("apiVersion", "v1")
    for name in ("readinessProbe", "livenessProbe", "startupProbe"):
        if name in container:
            _probe(container[name])
    for hook in (container.get("lifecycle") or {}).values():
        _http_get(hook)


def _probe(probe: Json) -> None:
    for key, value in _PROBE.items():
        probe.setdefault(key, value)
    _http_get(probe)


def _http_get(handler: Json) -> None:
    if "httpGet" in handler:
        handler["httpGet"].setdefault("path", "/")
        handler["httpGet"].setdefault("scheme", "HTTP")


def _volume(volume: Json) -> None:
    sources = [key for key in volume if key != "name"]
    if not sources:
        volume["emptyDir"] = {}
    for key in ("configMap", "secret", "projected", "downwardAPI"):
        if key in volume:
            volume[key].setdefault("defaultMode", 0o644)


def _service(spec: Json) -> None:
    kind = spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    if kind == "ExternalName":
        return
    spec.setdefault("internalTrafficPolicy", "Cluster")
    spec.setdefault("ipFamilies", ["IPv4"])
    spec.setdefault("ipFamilyPolicy", "SingleStack")
    if kind in ("NodePort", "LoadBalancer"):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    for port in spec.get("ports") or []:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port.get("port"))
