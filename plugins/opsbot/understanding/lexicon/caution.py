"""Words that take certainty away, and wishes that are not granted.

The first half turns a command into a question: whether, when or what is meant stays open. The
second half names what OPS Bot does not do: weaken a required step, destroy, read secrets, change
configuration, open a shell, work on other platforms, chat.
"""

from opsbot.understanding.lexicon.listing import listed

NEGATION = listed(
    """
    not, never, no, without, except, excluding, avoid, instead of, rather than, apart from,
    other than, but not, neither, nor, refrain from, hold off on, hold off, hands off,
    keep away from, stay away from, leave alone, w/o, nope, nothing, none of, dont, do not,
    cannot, can not, should not, must not, will not, would not, leave out, nah,
    keep your hands off, anything but, nobody, no one, by no means, under no circumstances,
    on no account, minus the, stop deploying, stop releasing, rather not, do nto, ain't, aint,
    not to, nto, nt, no more, save for, as opposed to, not touch, no longer, leave, lay off,
    forget about, aside from, in no case, no need to, there is no need to, ease off
    """
)
ALTERNATIVES = listed(
    """
    or, either, or else, alternatively, and/or, versus, vs, whichever, whatever, any of, one of,
    otherwise, xor, or perhaps, or maybe
    """
)
HEDGES = listed(
    """
    maybe, perhaps, possibly, probably, might, may be, i think, i guess, not sure,
    i am not sure, unsure, i suppose, or so, or something, kind of, sort of, presumably,
    supposedly, should i, should we, shall i, shall we, shall, can i, may i,
    could i, considering, thinking about, thinking of, planning to, about to, going to,
    we could, i could, would it be, is it possible to, is it possible, is it safe to,
    is it ok to, is it okay to, do you think, what do you think, any idea, i wonder, wondering,
    hopefully, likely, somewhere, something, someone, somehow, no idea, whatever you think,
    you decide, you choose, up to you, guess, pick one, it depends, i believe, i feel like,
    dunno, who knows, do we need to, do i need to, do we have to, why not, why do not we,
    why do we not, debating, tempted to, ideally, we might, i might, seems like, what about,
    how about, is it time to, is it wise to, would it make sense to, does it make sense to,
    supposed to, intend to, plan to, hoping to, want to discuss, discuss, suggest, propose,
    recommend, advise, anybody, are we allowed to, am i allowed to, allowed to, could have,
    should have, think about, think, believe, suspect,
    potentially, conceivably, apparently, test whether, dry run, dry-run, pretend, simulate,
    hypothetically, theoretically, in theory, rehearse, preview, what-if, partially,
    joking, kidding, just kidding, pretending, practising, practicing, jk,
    canary release, blue-green, blue/green, mostly, almost
    """
)
CORRECTIONS = listed(
    """
    actually, i mean, i meant, no wait, wait, hold on, correction, scratch that, or rather,
    oops, make that, my mistake, on second thought, on second thoughts, never mind, nevermind,
    forget that, forget it, cancel that, strike that, sorry, no sorry, whoops, i meant to say,
    meaning, rather, better, instead, no no, that is to say, in fact, hmm, hm, er, uh, um, err,
    ehm, erm, ah no, edit, errata, pardon, typo, ignore that, disregard that,
    i take that back, i take it back, take that back,
    changed my mind, change of plan, change of plans, let me rephrase, to be precise, not that,
    umm
    """
)
CONDITIONS = listed(
    """
    if, unless, when, once, after, until, before, while, as soon as, in case, provided,
    assuming, whenever it, depending, as long as, only if, only when, given that, suppose,
    supposing, what if, what would happen, what happens, would happen, should, even when, till,
    upon, the moment, when it is, except when, where, so long as, in the event,
    wait for, wait until, then if, else, during, following the, subject to, contingent on,
    would have, had we, were to, imagine, consider
    """
)
TIMES = listed(
    """
    tomorrow, tonight, later, later today, next week, next month, midnight, noon, monday,
    tuesday, wednesday, thursday, friday, saturday, sunday, weekend, the weekend, this weekend,
    daily, weekly, hourly, nightly, every day, every night, every hour, every morning, schedule,
    scheduled, in an hour, o'clock, oclock, am, pm, minutes, hours, days, weeks, this evening,
    this afternoon, in the morning, in the evening, end of day, eod, end of the week, soon,
    next time, in the future, someday, minute, hour, day, cron, periodically, regularly,
    out of hours, after hours, christmas, seconds, utc, cet, gmt, january, february, april,
    june, july, august, september, october, november, december, next sprint, next, lunch,
    after lunch, overnight, delay, postpone, defer, wait, hold, remind, remind me to
    """
)
PAST = listed(
    """
    yesterday, last week, last month, last time, last night, ago, was, were, had, have been,
    has been, earlier today, just now, we have, i have, did, did we, did you, did i, they,
    already did, used to, the other day, who, whom, when was, when were, when did, who did,
    did someone, did anyone, history, past, changelog
    """
)
HOW_TO = listed(
    """
    how do i, how do you, how do we, how to, how can i, how can we, how would i, how would you,
    how would we, how should i, how should we, what does it take to, what is the best way to,
    what is the command to, explain how to, how long, how much, how often, what does,
    what would, tell me how to, teach me, explain how, show me how to, show me how,
    document how, steps to, the steps, instructions, explain, what is a, what is the difference,
    difference between, can you explain, do you know how to, are you able to, do you, are you,
    what can you, what could, which command, procedure for, describe how, walk me through,
    help me understand, what is the process, what is needed, meaning of, define, what do,
    when will, when should, when can, who can, who should, where should, which environment,
    which application, which app, which branch, compare, what should, how many times
    """
)
REPORTS = listed(
    """
    says, said, say, told, tells, wrote, writes, written, mentions, mentioned, according to,
    asked, asks, quote, translate, repeat after me, ticket, the ticket, readme, the email,
    the log says, echo, spell, reads, states, stated, message, the docs, documentation, wiki,
    runbook, quoted, typed, phrase, sentence, the words, summarize, comment, heard, rumour,
    rumor, suggested, claims, wants me to, asked me to, insists, demands, the boss, boss,
    manager, ceo, cto, customer wants, he, she, example, for example, e.g, for instance
    """
)
CLAIMS = listed(
    """
    already approved, it is approved, it is already approved, this is approved,
    this is already approved, i approve, i approve this, i approve it, i have approval,
    we have approval, approval was given, approval is given, approval has been given,
    approval was already given, approval granted, approval is granted, approved,
    has been approved, was approved, pre-approved, preapproved, signed off, has signed off,
    it is signed off, has approved, has approved it, has approved this, approved already,
    approval is already there, all approvals are there, i have signed off,
    the approval is there, i already have approval, approval has already been given,
    approval was granted, everyone approved, everyone has approved, everybody approved,
    everyone agreed, everybody agreed, approval obtained, approval received,
    i have the approval, we have the approval, already signed off, change approved,
    change is approved, the change is approved, the release is approved, approval is in place
    """
)
