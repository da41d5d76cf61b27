"""What the server says about itself: version, groups, resources."""

from opsbot.sandbox.kubernetes import kinds, problems
from opsbot.sandbox.kubernetes.problems import Json

_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_SUB_VERBS = {"log": ["get"], "status": ["get", "patch", "update"]}


def version() -> Json:
    """Answer /version: the version whose behaviour is emulated."""
    return {
        "major": "1",
        "minor": "34",
        "gitVersion": "v1.34.4+opsbot-sandbox",
        "gitCommit": "",
        "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "",
        "platform": "",
    }


def document(path: str) -> Json | None:
    """Answer a discovery path; None if it is none."""
    groups = [_group(name) for name in kinds.GROUPS]
    documents: dict[str, Json] = {
        "/version": version(),
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/api/v1": _resources(""),
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups},
    }
    for group in groups:
        path_of_group = f"/apis/{group['name']}"
        documents[path_of_group] = {"kind": "APIGroup", "apiVersion": "v1", **group}
        documents[f"{path_of_group}/v1"] = _resources(group["name"])
    return documents.get(path.rstrip("/"))


def _group(name: str) -> Json:
    served = {"groupVersion": f"{name}/v1", "version": "v1"}
    return {"name": name, "versions": [served], "preferredVersion": served}


def _resources(group: str) -> Json:
    found: list[Json] = []
    for resource in kinds.RESOURCES:
        if resource.group != group:
            continue
        shown = {"namespaced": resource.namespaced, "kind": resource.kind}
        found.append(
            {"name": resource.plural, "singularName": resource.singular, "verbs": _VERBS}
            | shown
            | ({"shortNames": list(resource.short_names)} if resource.short_names else {})
        )
        for below in resource.subresources:
            name = f"{resource.plural}/{below}"
            verbs = _SUB_VERBS.get(below, ["get", "patch", "update"])
            found.append({"name": name, "singularName": "", "verbs": verbs} | shown)
    if group == "authorization.k8s.io":
        found.append(
            {
                "name": "selfsubjectaccessreviews",
                "singularName": "selfsubjectaccessreview",
                "namespaced": False,
                "kind": "SelfSubjectAccessReview",
                "verbs": ["create"],
            }
        )
    served = f"{group}/v1" if group else "v1"
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": served,
        "resources": found,
    }


def review(body: Json) -> Json:
    """Answer a SelfSubjectAccessReview: the one user of the sandbox may do everything."""
    if not isinstance(body, dict) or not isinstance(body.get("spec"), dict):
        raise problems.bad_request("SelfSubjectAccessReview needs a spec")
    return {
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": body["spec"],
        "status": {"allowed": True, "reason": "the sandbox has one user, its administrator"},
    }
