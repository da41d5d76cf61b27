"""Errors as Jenkins answers them: HTML, even below `api/json`, with its headers."""

from html import escape

from opsbot.sandbox.loopback import Refusal, Reply, Request

VERSION = "2.541.3"
HTML = {"Content-Type": "text/html;charset=utf-8", "X-Content-Type-Options": "nosniff"}
TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
TITLES |= {405: "Method Not Allowed", 409: "Conflict", 500: "Server Error"}


def error(
    status: int, words: str = "", path: str = "", headers: dict[str, str] | None = None
) -> Refusal:
    """Return the refusal of a request as a page."""
    title = f"Error {status} {escape(words or TITLES[status])}"
    page = (
        f'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n'
        f"<title>{title}</title>\n</head>\n<body><h2>HTTP ERROR {status} "
        f"{escape(words or TITLES[status])}</h2>\n<table>\n<tr><th>URI:</th><td>{escape(path)}"
        f"</td></tr>\n<tr><th>STATUS:</th><td>{status}</td></tr>\n<tr><th>MESSAGE:</th><td>"
        f"{escape(words or TITLES[status])}</td></tr>\n</table>\n</body>\n</html>\n"
    )
    return Refusal(Reply(status, page.encode(), HTML | (headers or {})))


def unauthorized(path: str) -> Refusal:
    """Refuse a wrong user or token."""
    return error(401, path=path, headers={"WWW-Authenticate": 'Basic realm="Jenkins"'})


def anonymous(path: str) -> Refusal:
    """Refuse somebody without a login."""
    headers = {"X-You-Are-Authenticated-As": "anonymous"}
    return error(403, "Authentication required", path, headers)


def forbidden(path: str, user: str, permission: str) -> Refusal:
    """Refuse what a user who is signed in may not do: `hudson.model.Item.Build`."""
    words = f"{user} is missing the {permission.replace('hudson.model.Item.', 'Job/')} permission"
    return error(403, words, path, {"X-Required-Permission": permission})


def without_crumb(path: str) -> Refusal:
    """Refuse a change that came with a password and without its crumb."""
    return error(403, "No valid crumb was included in the request", path)


def not_found(path: str) -> Refusal:
    """Say that there is no such thing, or none that may be seen."""
    return error(404, path=path)


def require_post(request: Request) -> None:
    """Refuse to change something by a GET."""
    if request.method != "POST":
        raise error(405, path=request.path, headers={"Allow": "POST"})


def page(title: str) -> Reply:
    """Return a page for people who follow a link."""
    return Reply(200, f"<html><title>{escape(title)}</title></html>".encode(), HTML)
