"""What commands are given for: occasions, and what people do with what was done."""

from opsbot.understanding.lexicon.listing import listed

NOUNS = frozenset(
    listed(
        """
        demo, demos, demonstration, testing, debugging, review, presentation, launch, traffic,
        load, event, sale, sales, campaign, sprint, evaluation, verification, validation, qa,
        customer, client, investigation, training, workshop, acceptance testing, purposes, peak
        """
    )
)
ENABLING = listed(
    """
    so we can, so i can, so they can, so you can, so that we can, so that i can, so that they can,
    so that you can, so the team can, so that the team can, so qa can, so that qa can,
    so the testers can, so that the testers can, so users can, so that users can,
    so customers can, so that customers can, so everyone can, so that everyone can,
    so people can, so that people can
    """
)
