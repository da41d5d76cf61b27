"""Words that carry an action without being one: support verbs, movement, places, numbers.

"Put it on dev" deploys and "put it back" rolls back; "set it to five" scales. What these words ask
is decided by what stands around them.
"""

from opsbot.understanding.lexicon.listing import listed

SUPPORT = listed(
    """
    run, do, perform, trigger, start, kick off, execute, initiate, begin, fire off, fire up,
    start off, carry out, kickoff, conduct, do a run of, rerun, re-run, set off, get going with,
    proceed with, go ahead with, invoke, run through, commence, request, order,
    schedule a run of, create, issue, start up, start with, repeat, redo, run again, make a,
    have a, arrange, give me a, kick-off, need a, want a, needs a,
    wants a
    """
)
LOOK = listed(
    """
    show, list, display, view, see, fetch, check, give me, give us, tell me, tell us, print,
    report, look at, take a look at, have a look at, report on, show me, show us, let me see,
    let me know, what is, what are, what was, retrieve, read, dump, inspect, describe, get me,
    pull up, bring up, figure out, output, pull, find out, query, examine, need to see, want to see,
    like to see, want to know, need to know, like to know, check whether, verify that, which,
    tell, open, review, show off, get a, grab, get us, let us see, double check, what about,
    how about, how, any, where is, where are, see whether, i wonder, look, find, summarize,
    summarise, give me an, give an, give
    """
)
MOVE = listed(
    """
    put, get, bring, take, move, send, make, go, transfer, copy, carry, place, switch, change,
    return, turn, stick, pop, throw, chuck, slap, bung, whack
    """
)
SIZE = listed(
    """
    set, bump, bump up, increase, decrease, reduce, raise, lower, expand, shrink, grow, adjust,
    go up, go down, cut, crank, crank up, beef up, need, want, needs, wants, have, keep,
    require, requires, use, ramp up, ramp down, ramp, dial, dial up, dial down, cut down,
    cut back, bring down, take down, run with, trim, spin up, extend, size, add, double, halve,
    triple, drop, drop down, set up
    """
)
PARTICLES = listed(
    """
    up, down, out, over, off, forward, along, across, upwards, downwards, together, on again,
    again, through
    """
)
BACK = ("back",)
WHY = listed(
    """
    explain why, tell me why, show me why, see why, find out why, figure out why,
    understand why, check why, analyze why, analyse why, investigate why, look into why,
    diagnose why, determine why, help me understand why, help me find out why, can you see why,
    tell us why, debug why, report why, to know why, want to know why, know why, work out why,
    examine why, why, how come, what is the reason, for what reason, the reason why, what makes,
    the cause why, reason why, the reason
    """
)
ASKS_STATE = listed(
    """
    check if, check whether, see if, see whether, find out if, find out whether, tell me if,
    tell me whether, let me know if, let me know whether, verify whether, verify if, verify that,
    check that, is it so that, make sure that, do you know if, do you know whether,
    is, are, does, did, do we have, is there, are there, am, is it true that
    """
)
STATE = listed(
    """
    up, running, healthy, ok, okay, alive, ready, working, responding, reachable, available,
    fine, up and running, doing, in good shape, good, stable, green, online, doing well,
    doing fine, holding up, serving, going, looking, behaving, well, look, in order, all right,
    alright, coming along, getting along, doing ok, doing okay, still up, serving traffic,
    doing right now, healthy again, performing, up yet, do, deployed, installed, looking good,
    looking like, stand, like, runs, pass, passes, passing, succeed, succeeds
    """
)
SYMPTOM = listed(
    """
    crashing, crash, crashes, crashed, failing, fail, fails, failed, failure, failures, down,
    broken, slow, unhealthy, restarting, crashloop, crash loop, crashloopbackoff, crash-looping,
    crash looping, oomkilled, oom, dying, died, die, dies, stuck, unavailable, unreachable,
    erroring, error, errors, offline, 500s, 502s, 503s, 500, 502, 503, timing out, time out,
    timed out, flapping, hanging, hang, hangs, not working, not starting, not ready,
    not responding, not healthy, not coming up, not running, not start, not respond, not work,
    not available, not reachable, not come up, keep, keeps, kept, throwing, returning, giving,
    showing, going down, went down, problem, problems, issue, issues, trouble, troubles, outage,
    incident, broke, breaking, break, breaks, misbehaving, acting up, not being ready,
    being killed, killed, out of memory, in a crash loop, crash-loops, crashlooping,
    getting killed, returning errors, responding slowly, so slow, pending, stop responding,
    stopped responding, stopped working, stop working, keep dying, unresponsive, sick, red,
    high latency, latency, memory leak, leaking memory, imagepullbackoff, image pull errors,
    evicted, degraded, unstable, wrong, falling over, fall over, fell over, keep falling over,
    not becoming ready, become ready, not become ready, getting ready, coming up, starting,
    start, so many, losing, rejecting, refusing, connection refused, connections, dropping,
    requests, loop, looping, in a loop, respond, load, loading, startup, on startup, start up,
    not start up, exiting, exits, exit, spinning, freezing, frozen, panicking, unready, flaky,
    throwing errors, in crash loop, come up, bad, serve, lagging, burning, terminating, blocked,
    work, being restarted, take so long, taking so long, take, taking, so long, oomkilling,
    back-off, backing off, been down
    """
)
PRIOR = listed(
    """
    previous, prior, earlier, old, older, last known good, last good, last stable, last working,
    known good, before, preceding, last healthy, previously deployed, previous good,
    previous stable, previous working, the one before, what it was, what we had before,
    what was there before, yesterdays, last-known-good, previous known good, that worked,
    which worked, how it was, how it was before, the way it was,
    the way it was before, as it was, as it was before, what was running before,
    good, working, stable, original, former, good old
    """
)
MOVING = listed(
    """
    latest, newest, most recent, most current, latest and greatest, head, nightly, edge,
    snapshot, current, canary, bleeding edge, freshest, up-to-date, tip, up to date, today's,
    most up to date
    """
)
EVERYTHING = listed(
    """
    everything, all applications, all apps, all services, every application, every service,
    every app, whole stack, the whole stack, entire stack, both, all of them, all, each, every,
    all environments, every environment, everywhere, all clusters, whole cluster,
    entire cluster, all three, all four, whole environment, all the apps, all the services,
    all the applications, the lot, any of them
    """
)
ALL_OF_ONE = listed(
    """
    all pods, all the pods, all replicas, all instances, all the replicas, all its pods,
    every pod, each pod, all of the pods, all containers, all logs, all the logs,
    all running pods, all events, all its replicas
    """
)
NUMBERS = {
    "zero": 0,
    "none": 0,
    "one": 1,
    "a single": 1,
    "single": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "a dozen": 12,
    "dozen": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "twenty-one": 21,
    "twenty-five": 25,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "a hundred": 100,
    "hundred": 100,
    "one hundred": 100,
    "a thousand": 1000,
    "thousand": 1000,
    "one thousand": 1000,
    "a million": 1000000,
    "half a dozen": 6,
    "two hundred": 200,
    "two dozen": 24,
}
VAGUE_NUMBERS = listed(
    """
    add, a few, few, several, many, a couple, a couple of, some more, more, fewer, less, double,
    twice, half, half as many, twice as many, a bunch of, a lot of, lots of, maximum, max,
    minimum, as many as possible, enough, additional, extra, another, by, percent, a bit,
    tons of, plenty of, infinite, unlimited, infinity, half of, a lot, much, times, triple,
    half the, at least, at most, between, minus, negative, point, around, about, roughly,
    approximately
    """
)
REPLICA_WORDS = frozenset(
    [
        "replica",
        "replicas",
        "pod",
        "pods",
        "instance",
        "instances",
        "copy",
        "copies",
        "container",
        "containers",
        "replicase",
    ]
)
RELATIVE_SIZES = frozenset(
    listed(
        """
        bump, bump up, increase, decrease, reduce, raise, lower, expand, shrink, grow, cut,
        drop, trim, extend, ramp up, ramp down, ramp, cut down, cut back, drop down, spin up,
        scale up, scale down, scale out, scale in
        """
    )
)
"""After these a bare number may be a difference: "drop two pods" and "drop to two pods"."""
TO = listed(
    """
    to, onto, into, in to, on to, ->, =>, over to, out to, up to, on, towards, toward
    """
)
AT = listed(
    """
    in, at, for, inside, within, against, under, over in, over on, across, out of, via, through
    """
)
FROM = ("from", "off", "out of", "based on", "using")
OF = ("of",)
AND = listed(
    """
    and, as well as, plus, along with, together with, also, and also, &, followed by, and then,
    then, with, afterwards, including
    """
)
PEOPLE = frozenset(("customers", "users", "people", "everyone", "team", "colleagues"))
"""Who tells of trouble: what customers cannot do is not excluded by it."""
REASON = listed(
    """
    because, since, cause, cuz, due to, as it is, as it, as we, as they, because of, so that,
    as there is, as there are
    """
)
BRANCHES = frozenset({"main", "master", "develop", "trunk", "mainline"})
