"""How people ask: politeness, haste, leisure, and the small words that carry no instruction."""

from opsbot.understanding.lexicon.listing import listed

HASTE = listed(
    """
    urgent, urgently, asap, a.s.a.p, as soon as possible, immediately, right now, now,
    right away, at once, straight away, straightaway, quickly, quick, hurry, hurry up, fast,
    emergency, critical, high priority, top priority, in a hurry, this instant, without delay,
    without further delay, as quickly as possible, as fast as possible, as soon as you can,
    as quickly as you can, as fast as you can, pronto, promptly, instantly, this minute,
    this second, p0, p1, sev1, sev0, sev-1, sev 1, highest priority, with high priority,
    with top priority, rush, rush this, it is urgent, this is urgent, it is an emergency,
    this is an emergency, it is critical, this is critical, time is critical, do not wait,
    no time to lose, without waiting, on the double, chop chop, at the earliest, speedily,
    swiftly, very urgent, really urgent, super urgent, it can not wait, this can not wait,
    can not wait, can't wait, hurry please, priority high, priority 1, expedite, urgent request,
    priority one, time-critical, time critical, i am in a hurry, we are in a hurry,
    make it quick, make it fast, be quick, with urgency, as a matter of urgency, with haste,
    rapidly, at your earliest convenience, first thing, this very moment, no delay,
    lightning fast, extremely urgent, most urgent, as urgent, quick as you can, soonest,
    ugently, most urgently, we need this now, we need it now, i need it now, i need this now,
    prio 1, do it now, need this asap, in a rush, on fire, is on fire, everything is on fire,
    customers are waiting, users are waiting, the customers are waiting, customers are affected,
    people are waiting, time pressure, hurry it up, quick quick, with the highest priority,
    with highest priority, code red, red alert, stat, without any delay, no time to waste,
    do not delay, do not dawdle, immediate, real quick, real fast
    """
)
LEISURE = listed(
    """
    no rush, no hurry, not urgent, low priority, whenever, whenever you can, when you have time,
    when you get a chance, when you have a moment, eventually, at your leisure,
    whenever convenient, when convenient, take your time, at your convenience, sometime,
    some time, when you find time, when there is time, if you have time, if you have a moment,
    if you get a chance, when possible, not in a hurry, there is no rush, there is no hurry,
    no need to hurry, no need to rush, it is not urgent, this is not urgent, in your own time,
    whenever you have time, whenever you get a chance, whenever it suits, lowest priority,
    with low priority, when it suits you, whenever it suits you, non-urgent, non urgent,
    nothing urgent, leisurely, slowly, at some point, at a convenient time, when you can,
    when you get time, when you get around to it, there is no need to rush,
    there is no need to hurry, whenever possible, it can wait, this can wait, whenever you like,
    when you get the chance, not very urgent, not that urgent, one of these days,
    if and when convenient, at your own pace, whenever you are free, when you are free,
    priority low, no pressure, no stress, do not hurry, do not rush, when you feel like it,
    in no hurry, in no rush, we are not in a hurry, i am not in a hurry, not a priority,
    not pressing, when it is convenient, when things are quiet, when it is quiet,
    in your spare time, not time-critical, prio low, low prio, when you have a minute,
    when you have a second, at leisure, if you get time, when you have some time,
    there is plenty of time, when you get a minute, when you get a moment,
    whenever you get a moment, whenever you have a moment, whenever you have a minute,
    not so urgent, it is low priority, this is low priority, nothing pressing, no urgency,
    unhurriedly
    """
)
FILLER = listed(
    """
    could someone, can someone, can anyone, could anyone, could somebody, someone please,
    can somebody, would someone, will someone, could someone please, can someone please, please,
    pls, plz, plese, kindly, thanks, thank you, thx, ty, cheers, hi, hello, hey, hey there,
    hi there, good morning, good afternoon, good evening, morning, ok, okay, alright, all right,
    so, well, yes, yeah, yep, sure, great, team, bot, ops bot, opsbot, ops-bot, @opsbot, folks,
    guys, everyone, dear, buddy, mate, friend, sir, can you, could you, would you, will you,
    can you please, could you please, would you mind, would you kindly, i would like,
    i would like you to, i would like to, i want to, i want you to, i need to, i need you to,
    we want to, we need to, we would like to, i want, i need, we need, we want, let us,
    go ahead and, go ahead, make sure to, be sure to, time to, it is time to, be so kind as to,
    be so kind, do me a favor and, do me a favour and, you should, you can, you may,
    feel free to, do not forget to, do not hesitate to, remember to, just, simply, only, really,
    very, i, me, you, us, we, my, your, yours, need to, want to, like to, want, needs to be,
    should be, must be, has to be, have to be, to be, need, needs, be, must, would, like,
    ought to be, is to be, are to be, gets, being, for me, for us, for the team,
    will you please, would you please, if you please, if you would, if you could,
    if you do not mind, appreciated, much appreciated, i would appreciate it,
    that would be great, would be great, many thanks, thanks a lot, thank you very much,
    thanks in advance, thank you so much, in advance, a lot, again, once more, once again,
    one more time, new, brand new, whole, entire, full, fresh, complete, own, same thing, there,
    here, already, still, currently, at the moment, right, today, environment, env,
    environments, cluster, clusters, namespace, server, servers, system, systems, stack, tier,
    zone, space, world, instance of, stage of, next, name, named, called, number, count, as, by,
    this time, safely, carefully, gracefully, cleanly, properly, correctly, nicely,
    without downtime, with zero downtime, zero downtime, zero-downtime, without any downtime,
    without interruption, without an outage, with no downtime, no downtime, rolling,
    rolling update, with a rolling update, job, pipeline, jenkins, jenkins job, in jenkins,
    on jenkins, with jenkins, with sonarqube, with sonar, in sonarqube, over, about, who, which,
    that,  do, did, have, got, it is, this is, there is, i am, we are, you are, too,
    as well, process, routine, procedure, cycle, lots, one, its, their, our, task, operation,
    out there, in total, total, altogether, exactly, precisely, running, strong, if possible,
    would be nice, we are ready to, straight, directly, straight to, can we, could we,
    would it be possible to, would it be possible for you to, would you be able to,
    are you able to, i was wondering if you could, i wonder if you could,
    is there any chance you could, any chance you could,
    though, tho, available, out the door, can, could, i would love to, we would love to,
    would love to, kind regards, best regards, regards, best wishes, warm regards, sincerely,
    action, do the needful and, do the needful,
    i guess you know, as usual, the usual way, as always, as planned, as agreed,
    as discussed, of course, by the way, btw, fyi, happy friday, have a nice day,
    have a great day, hope you are well, greetings, for a moment, a quick, quick question,
    question, quickly please, ready for, customers, users, the team, colleagues, how, what, is,
    are, was, does, has, what is, what are, wo, hereby, any, some, tip, so that, along, us all,
    for everyone, to everyone, for all users, to all users,
    to users, to customers, to our customers, to our users, with the usual checks,
    with all checks, with all the checks, with the usual approval, with approval,
    with the usual gates, with all gates, with all the usual checks, with all safety checks,
    with the full pipeline, through the full pipeline, with full checks,
    make sure the tests pass, necessary, going, get, getting, right here, anymore, any more,
    lately, recently, these days, suddenly, all the time, constantly, continuously, repeatedly,
    every few minutes, always, often, sometimes, randomly, since the last deployment,
    since the last deploy, since the last release, after the last deployment,
    after the last release, all of a sudden, since this morning, at startup, at start-up,
    on startup, on start, at boot, so often, that often, so much, over and over,
    over and over again, actively, i think you know, last, first, with, live traffic, whether,
    see if, of it, can i get, can i have, may i have, may i see, can i see, could i get,
    could i see, could i have, can we see, can we get the, could we see, can we have the,
    in its, out, and also, just the, itself, back end of, work, works, things, thing, stuff,
    time, together, end, up, down, on, off, please and thank you, ta, cheers mate, yo, sup,
    howdy, hiya, ahoy, alexa, computer, robot, assistant please, would you be so kind as to,
    could you be so kind as to, do please, pretty please, with sugar on top, i beg you, help me,
    help us, help, try to, manage to, proceed to, kubernetes deployment, gonna, wanna, lets,
    i will need you to, your task is to, your job is to, we have to, i have to, i must, we must,
    you need to, you have to, you must, we should, i should, please go and, go and, come on,
    it is time for, time for, initiate a, start the, i am asking you to, asking,
       requesting, request to, asked to, would like,
    wish to, i wish to, the following, following, task is to, use, number of, amount of, level,
    size, sized, scale of, worth of, apiece
    """
)
DETERMINERS = listed(
    """
    the, a, an, this, these, those, that, our, my, your, their, its, some, another, any,
    one of our, new, last, latest, current, previous, next, recent, most recent, full, complete,
    fresh, clean, quick, whole, entire, failed, broken, bad, faulty, last night's, today's,
    newest, all, every, no, that last, a new, a quick, a full, a fresh, a clean, a complete,
    same, rolling, usual, nightly, brand new, recent-most, first, old, older, good, stable,
    working, release's
    """
)
DEFAULTS = listed(
    """
    the code, the app, the application, the service, the project, the program, our app,
    our application, our code, the codebase, our service, my code, my application,
    the code base, our project, this app, this application, this service, my project,
    my service, the software, our software, the source code, the changes, the product,
    our product
    """
)
PRONOUNS = listed(
    """
    it, this, that, them, the thing, this thing, that thing, the same, the same thing, they,
    these, those, the former, the latter
    """
)
PLATFORM = listed(
    """
    kubernetes, k8s, kube, k8, the kubernetes cluster, kubernetes cluster, k8s cluster,
    kube cluster
    """
)
FREQUENCY = frozenset(
    listed(
        """
        all the time, constantly, continuously, repeatedly, every few minutes, always, often,
        sometimes, randomly, over and over, over and over again
        """
    )
)
PASSIVE_SUPPORT = frozenset(
    [
        "be",
        "get",
        "getting",
        "gets",
        "have",
        "want",
        "need",
        "needs",
        "must",
        "should",
        "like",
        "see",
        "being",
    ]
)
"""Words before a participle that make it a wish ("get it deployed"), not a tale."""
