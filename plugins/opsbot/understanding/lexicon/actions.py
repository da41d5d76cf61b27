"""The ten actions in the words of the people who ask for them.

Verbs are listed in their base form; gerunds and participles are derived, because "would you mind
restarting" asks and "we restarted" tells. Nouns name an action as a thing ("a rollback").
"""

from opsbot.understanding.lexicon.listing import listed
from opsbot.vocabulary.words import Action

VERBS: dict[Action, tuple[str, ...]] = {
    Action.DEPLOY: listed(
        """
        deploy, redeploy, re-deploy, ship, publish, roll out, push out, ship out, install,
        launch, roll forward, push, deliver, send out, update, upgrade, put out, rollout
        """
    ),
    Action.ROLLBACK: listed(
        """
        rollback, roll back, roll-back, revert, undo, go back to, back out, rewind, bring back,
        put back, return to, switch back to, fall back to, downgrade, reverse, go back,
        switch back, fall back, restore, back off to
        """
    ),
    Action.RESTART: listed(
        """
        restart, re-start, bounce, reboot, recycle, rolling restart, relaunch, rollout restart,
        cycle, reload, power cycle, roll the pods, respawn, kick the pods,
        turn off and on again, cold restart, restart again
        """
    ),
    Action.SCALE: listed(
        """
        scale, rescale, resize, scale up, scale down, scale out, scale in, re-scale, autoscale
        """
    ),
    Action.PROMOTE: ("promote", "graduate", "advance"),
    Action.BUILD: ("compile", "rebuild", "re-build"),
    Action.TEST: ("retest", "re-test"),
    Action.SCAN: listed(
        """
        rescan, check for vulnerabilities, look for vulnerabilities, audit,
        scan for vulnerabilities, find vulnerabilities, check the code quality,
        check code quality, check the quality, check security, check the security,
        check for security issues, scan for security issues, look for security issues, analyze,
        analyse, check for security holes, look for security holes, check for bugs,
        check for cves, look for cves, scan for cves, measure the code quality,
        check the quality gate, check quality, search for vulnerabilities,
        check for known vulnerabilities, check for security vulnerabilities
        """
    ),
    Action.STATUS: listed(
        """
        how many, tell me how, see how, check how, let me know how, show me how, what version,
        which version, what is running, what runs, check on,
        check up on, what is deployed, what is the version, what is up with, which release,
        what release, how is, how are, how does it look, how do things look, how do, how does,
        tail, what state is, health check, health-check, healthcheck, what is currently running,
        what is currently deployed
        """
    ),
    Action.DIAGNOSE: listed(
        """
        diagnose, investigate, troubleshoot, debug, what is wrong with, root cause,
        what is wrong, what went wrong with, what went wrong, what happened to,
        what happened with, what happened, find out what is wrong with, what broke,
        what is breaking, what is the problem with, what is the matter with, what is causing,
        what caused, what causes, what makes, find the cause of, find the root cause of,
        find the problem with, find the reason for, get to the bottom of,
        what is the issue with, what is failing, what is killing, explain the crash of,
        explain the failure of, figure out what is wrong with, look into the failure of,
        look into the crash of, look into the crashes of, see what is wrong with,
        find the fault in, what is crashing, what crashes, what is going wrong with,
        what is going wrong, analyze the failure of, analyse the failure of,
        analyze the crash of, analyse the crash of, look into the problem with,
        look into the problems with, look into problems with, what killed,
        find out what is wrong, find out what happened to, find out what went wrong with,
        look into, find out what broke, what is the reason for, what is the cause of,
        troubleshooting
        """
    ),
}

VERBS_OR_NOUNS: dict[str, Action] = {
    "release": Action.DEPLOY,
    "build": Action.BUILD,
    "test": Action.TEST,
    "scan": Action.SCAN,
    "security scan": Action.SCAN,
}

NOUNS: dict[Action, tuple[str, ...]] = {
    Action.DEPLOY: listed(
        """
        deployment, deployments, releases, deploys, rollouts, redeployment, roll-out, delivery,
        re-deployment, redeploys
        """
    ),
    Action.ROLLBACK: ("rollbacks", "reversal", "reversion", "roll-backs"),
    Action.RESTART: ("restarts", "reboots", "rolling restarts"),
    Action.SCALE: ("scaling", "upscale", "downscale", "scale-up", "scale-down", "scaleup"),
    Action.PROMOTE: ("promotion", "promotions"),
    Action.BUILD: listed(
        """
        builds, build job, build pipeline, jenkins build, compilation, ci build, clean build
        """
    ),
    Action.TEST: listed(
        """
        tests, test suite, testsuite, unit tests, integration tests, test run, regression tests,
        smoke tests, e2e tests, end-to-end tests, end to end tests, acceptance tests, test job,
        all tests, test cases, specs, testing, unit test suite, regression suite,
        regression test suite, functional tests, automated tests, test-suite,
        unit and integration tests, unit test, full tests, integration test suite, unit testing,
        regression testing, test pipeline, full test suite, system tests, jenkins tests,
        smoke test, integration test
        """
    ),
    Action.SCAN: listed(
        """
        scans, scanning, security scans, security scanning, sonar, sonarqube, sonarqube scan,
        sonar scan, sonar analysis, sonarqube analysis, quality scan, code scan, code analysis,
        static analysis, static code analysis, vulnerability scan, vulnerability scans,
        vulnerability check, security check, vulnerabilities, security issues, security holes,
        security problems, code smells, cves, known vulnerabilities, security vulnerabilities,
        security checks, security analysis, quality check, code quality check, quality analysis,
        code quality scan, sast, sast scan, security audit, code quality analysis,
        quality and security scan, security and quality scan, vulnerability analysis,
        vulnerability scanning, sonar check, sonarqube check, static security scan,
        dependency scan, code scanning, security review, static scan, security test,
        code quality, the code quality, quality scans, vulnerabilities scan,
        linting and scanning, cve scan, cve check
        """
    ),
    Action.STATUS: listed(
        """
        status, state, health, condition, uptime, pod status, health status, rollout status,
        deployment status, health report, status report, overview, status update, current state,
        current status, statuses, health checks, state of, situation, well-being
        """
    ),
    Action.DIAGNOSE: listed(
        """
        diagnosis, diagnostics, investigation, root cause analysis, rca, failure analysis,
        post-mortem, postmortem, crash analysis
        """
    ),
}

STATUS_OBJECTS = frozenset({"pods", "logs", "events", "endpoints", "replicas", "version"})
"""Objects whose mention with a word of looking asks for the status."""

OBJECTS: dict[str, tuple[str, ...]] = {
    "code": listed(
        """
        code, codebase, code base, source, source code, sources, changes, change, fix, hotfix,
        bugfix, bug fix, patch, feature, commit, commits, changeset
        """
    ),
    "image": listed(
        """
        image, container image, docker image, images, artifact, artefact, package
        """
    ),
    "pods": listed(
        """
        pod, pods, containers, container, instances, instance, pod list, list of pods, copies
        """
    ),
    "replicas": listed(
        """
        replica, replicas, replica count, number of replicas, number of pods,
        number of instances, replica number, pod count, replicaset, replica set,
        amount of replicas, count of replicas, replicas count
        """
    ),
    "logs": listed(
        """
        logs, log, log output, log lines, log files, logfile, log file, pod logs, log entries,
        container logs, application logs, error logs, logging output
        """
    ),
    "events": ("events", "event", "metrics"),
    "endpoints": ("endpoint", "endpoints"),
    "version": listed("version, tag, image tag, versions, version number, revision, revisions"),
    "service": listed(
        """
        service, application, apps, component, microservice, project, workload, deployable, app,
        repository, repo, micro service, module, program
        """
    ),
    "branch": ("branch",),
}

COMPATIBLE: dict[Action, frozenset[Action]] = {
    Action.DEPLOY: frozenset({Action.BUILD}),
    Action.ROLLBACK: frozenset({Action.DEPLOY, Action.BUILD}),
    Action.RESTART: frozenset({Action.DEPLOY}),
    Action.SCALE: frozenset({Action.DEPLOY}),
    Action.PROMOTE: frozenset({Action.DEPLOY, Action.BUILD}),
    Action.BUILD: frozenset(),
    Action.TEST: frozenset({Action.BUILD}),
    Action.SCAN: frozenset({Action.BUILD}),
    Action.STATUS: frozenset({Action.DEPLOY}),
    Action.DIAGNOSE: frozenset({Action.DEPLOY, Action.RESTART, Action.STATUS}),
}
"""Which actions' nouns can be the object of an action: one can undo a deployment, not a test."""
