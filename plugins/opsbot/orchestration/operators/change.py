"""The one step of a plan that changes its release, whatever tool it uses.

It reads the evidence, the approval and the live cluster itself and refuses, with nothing changed,
what is absent, stale, different or already used. Before it changes anything it writes down that it
has begun, apart from its run: a second try finds its own objects in place and goes on watching
them; if they are not in place any more, it leaves the rest to the rollback. So a plan changes its
release once, however often its task is run.
"""

import time
from collections.abc import Mapping
from typing import Any

from opsbot.integrations.kubernetes import client, preview, rolling
from opsbot.integrations.kubernetes.backup import Backup
from opsbot.integrations.kubernetes.wanted import Wanted
from opsbot.orchestration import (
    archiving,
    changes,
    configured,
    leases,
    proof,
    record,
    rollback,
    seal,
    step_cluster,
    superseding,
)
from opsbot.orchestration.operators.approval import rule_of
from opsbot.orchestration.operators.release import ReleaseOperator
from opsbot.orchestration.record import Record, State
from opsbot.planning import fingerprint
from opsbot.store import plans
from opsbot.store.variables import AirflowVariables
from opsbot.verification import approval
from opsbot.verification.approval import Given, Rule, Subject
from opsbot.verification.signatures import Signature
from opsbot.vocabulary.errors import Refused
from opsbot.vocabulary.model import Value
from opsbot.vocabulary.words import Guard


class ChangeOperator(ReleaseOperator):
    """Make the approved change, once, and watch it roll out."""

    template_fields = ("image", "saved", "sealed", "evidence", "proofs")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.change = self.step
        self.signatures: tuple[Signature, ...] = ()
        before = [each.id for each in self.plan.before_change]
        self.saved: Any = "{{ ti.xcom_pull(task_ids='backup') }}"
        self.sealed: Any = "{{ ti.xcom_pull(task_ids='approval', key='seal') }}"
        self.evidence: Any = {step: f"{{{{ ti.xcom_pull(task_ids='{step}') }}}}" for step in before}
        self.proofs: Any = {
            task: f"{{{{ ti.xcom_pull(task_ids='{task}', key='{proof.KEY}') }}}}"
            for task in (*before, Guard.BACKUP.value)
        }

    def act(self, context: Any) -> Value:
        """Return the new revision; a rollout that must be aborted fails the step."""
        self.signatures = configured.signatures()  # a mistake in them shows before the change
        cluster = step_cluster.of(self.step)
        found = record.read(self.ticket)
        return self._begin(cluster, context) if found is None else self._resume(cluster, found)

    def on_kill(self) -> None:
        """Take back what was begun: nobody watches it any more."""
        rollback.undo(self.step, self.ticket, self.say, rollback.CALLBACK_SECONDS)

    def _begin(self, cluster: client.Cluster, context: Any) -> Value:
        """Check everything anew, write down that it begins, and change the release."""
        leases.hold(cluster, self.plan, self.say, wait=False)
        wanted = self.wanted(cluster)
        seen = preview.take(cluster, self.namespace, wanted)
        self._refuse_edited_plan()
        self._refuse_missing_evidence()
        superseding.refuse_superseded(self.plan, self.ticket.sequence)
        self._refuse_without_approval(self.subject_of(seen, wanted), rule_of(self.plan, context))
        wanted = wanted.model_copy(update={"adoptions": seen.adoptions})
        begun = Record(
            plan_id=self.plan.plan_id, state=State.BEGUN, wanted=wanted, backup=self._backup(seen)
        )
        record.write(self.ticket, begun)
        return self.roll_out(cluster, wanted)

    def roll_out(self, cluster: client.Cluster, wanted: Wanted) -> Value:
        """Apply what is wanted and watch it; return what runs then."""
        params, signatures = changes.params_of(self.step), self.signatures
        return rolling.to_the_end(cluster, params, wanted, say=self.say, signatures=signatures)

    def watch(self, cluster: client.Cluster, wanted: Wanted) -> Value:
        """Watch what was applied; return what runs then."""
        params, signatures = changes.params_of(self.step), self.signatures
        return rolling.watch(cluster, params, wanted, say=self.say, signatures=signatures)

    def _resume(self, cluster: client.Cluster, found: Record) -> Value:
        """Go on watching what an earlier try has begun; change nothing."""
        if found.state is not State.BEGUN:
            raise Refused(
                f"Plan {self.plan.plan_id!r} was carried out before (its change is "
                f"{found.state.value}), and an approval is good for one change. Nothing was "
                "changed; ask for a new plan."
            )
        if not preview.in_place(cluster, found.wanted):
            raise Refused(
                f"The change of plan {self.plan.plan_id!r} was begun before and is not in place "
                "any more. It is not begun again; ask for a new plan."
            )
        self.say("This change was begun before; watching its rollout")
        return self.watch(cluster, found.wanted)

    def _backup(self, seen: preview.Preview) -> Backup:
        """Return the backup, if it is of what is there now."""
        output = self.saved or {}
        problem = proof.objection(self.plan.plan_id, {Guard.BACKUP.value: output}, self.proofs)
        if problem is not None:
            raise Refused(f"The backup is not on record: {problem}. Nothing was changed.")
        saved = archiving.recall(self.plan, output)
        if preview.hash_of(None if saved.first_deploy else saved.saved_deployment) != (
            seen.live_sha256
        ):
            raise Refused(
                "The release was changed by somebody after it was saved. Nothing was changed; "
                "ask for a new plan."
            )
        return saved

    def _refuse_edited_plan(self) -> None:
        stored = plans.read_plan(AirflowVariables(), self.ticket.sequence)
        if fingerprint.of(stored) != self.ticket.fingerprint:
            raise Refused(
                f"Plan {self.ticket.plan_id!r} was edited in the store after it was published. "
                "Nothing was changed; ask for a new plan."
            )

    def _refuse_missing_evidence(self) -> None:
        problem = approval.evidence_objection(self._outputs()) or proof.objection(
            self.plan.plan_id, self.evidence, self.proofs
        )
        if problem is not None:
            raise Refused(f"The change is refused: {problem}. Nothing was changed.")

    def _outputs(self) -> Mapping[str, Mapping[str, Any] | None]:
        return {step: output or None for step, output in self.evidence.items()}

    def _refuse_without_approval(self, subject: Subject, rule: Rule) -> None:
        if not self.plan.approval.required:
            return
        problem = approval.objection(
            seal.open_seal(self.sealed, Given),
            subject,
            self.plan.plan_id,
            rule,
            now=time.time(),
        )
        if problem is not None:
            raise Refused(
                f"The change is refused: {problem}. Nothing was changed; ask for a new plan."
            )
