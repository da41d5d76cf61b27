"""Words that mean the same at every kind of server. All in the singular, lower case."""

from opsbot.capabilities.matching.words import one_by_one

READING = one_by_one(
    "get list show describe read view fetch retrieve query search find inspect lookup "
    "display check print load browse enumerate ls tail stream obtain return poll watch "
    "monitor"
)
"""Verbs of looking."""

ABOUT = one_by_one("detail info data summary overview metadata result report")
"""What may be read of anything: `get_job_details` gets a job."""

LISTING = one_by_one("list search find enumerate ls browse all")
"""Words that make one thing many: `list_job`, `find_build`."""

LOOKING = READING | one_by_one(
    "download count top history health ping whoami version explain diff compare summarize "
    "summarise grep filter diagnose navigate stat statistic status info help preview "
    "validate"
)
"""Words of tools that only look, though they serve no capability."""

CHANGING = one_by_one(
    "create update set delete edit add remove change modify replace put write apply "
    "install upgrade uninstall start stop restart pause resume cancel abort kill "
    "terminate enable disable toggle assign move rename upload push publish undo revert "
    "expose attach detach connect disconnect login logout send submit approve proceed "
    "answer rebuild replay retry register unregister save generate annotate switch "
    "reconnect open close bulk batch unlock provision migrate sync resolve launch execute "
    "invoke rotate revoke grant upsert"
)
"""Verbs of doing: one of them in a name, and the tool is no plain reader."""

FILLING = one_by_one(
    "a an the of for in from by to with and via using on at into per my our your given "
    "specific specified single current namespaced mcp tool api rest v1 v2 v3"
)
"""Words that carry no meaning here."""

MANAGING = one_by_one(
    "manage management manager operation op action control handle handler command tool "
    "ops administration resource"
)
"""What a tool is called that is told by an argument what to do."""

ACTION = one_by_one("action operation op subcommand command verb method task")
"""Names of the argument that says what to do."""

ANYTHING = one_by_one("resource object")
"""What a tool is about that is told by an argument what it is about."""

KIND = one_by_one("kind type resource object entity category workload")
"""Names of the argument that says to what: `resourceType`, `kind`."""

FOREIGN = one_by_one(
    "git github gitlab bitbucket gitea slack jira linear confluence pagerduty opsgenie "
    "datadog grafana prometheus sentry argocd argo flux helm istio velero terraform "
    "pulumi ansible vault consul nomad aws az azure gcloud gcp circleci travis teamcity "
    "bamboo compose swarm ecs lambda trivy grype snyk notion asana trello zendesk "
    "postgres mysql redis kafka playwright puppeteer filesystem"
)
"""Other systems: a tool that says one of these is about that system."""
