"""Words around git references: the folders of branches, and what is no branch's name."""

from opsbot.understanding.lexicon.listing import listed

BRANCH_FOLDERS = frozenset(
    listed(
        """
        feature, feat, features, bugfix, fix, fixes, hotfix, hotfixes, release, releases,
        chore, task, dev, user, users, topic, experiment, spike, refactor, docs, renovate,
        dependabot, story, issue, bug, ci, test, support, improvement, patch
        """
    )
)
AFTER_A_BARE_BRANCH = frozenset(
    listed(
        """
        of, in, to, from, for, on, the, and, is, with, at, please, now, into, onto, or, but,
        not, as, off, build, test, scan, deploy, release
        """
    )
)
"""Words that follow "branch" where no branch is named: "the branch of payments-api"."""
