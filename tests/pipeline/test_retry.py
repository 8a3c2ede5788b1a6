"""What an outcome means for a job."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import (
    Answered,
    Outcome,
    Postponed,
    Refusal,
    TokenRenewed,
    TransientFailure,
    UnknownOutcome,
)
from shared.pipeline.retry import PROMISED, RENEWALS, WRITE_RETRIES, RetryPlan, judge
from tests.pipeline.bench import NOW, read, write

READ = replace(read("r"), lease="w")
WRITE = replace(write("w"), lease="w")


def again(job: Job, outcome: Outcome, dice: float = 0.0) -> RetryPlan:
    verdict = judge(job, outcome, NOW, dice)
    assert isinstance(verdict, RetryPlan)
    return verdict


@pytest.mark.parametrize("outcome", [Answered("x"), Refusal("NO", "why")])
@pytest.mark.parametrize("job", [READ, WRITE, replace(WRITE, attempts=99)])
def test_an_answer_is_an_answer_and_a_no_is_a_no(job: Job, outcome: Outcome):
    assert judge(job, outcome, NOW, 0.5) == outcome


@pytest.mark.parametrize("attempts", [0, 2, 7, 99])
def test_being_pushed_back_costs_no_attempt(attempts: int):
    until = NOW + timedelta(seconds=40)
    verdict = again(replace(READ, attempts=attempts), Postponed(until))
    assert verdict == RetryPlan(replace(READ, attempts=attempts, lease=""), until)


def test_what_was_pushed_back_together_does_not_knock_together():
    until = NOW + timedelta(seconds=40)
    assert again(READ, Postponed(until), 0.5).at == until + timedelta(milliseconds=100)


@pytest.mark.parametrize(
    ("attempts", "dice", "milliseconds"), [(0, 0.0, 250), (1, 0.0, 500), (0, 1.0, 300), (1, 0.5, 550)]
)
def test_a_read_that_faltered_is_tried_twice_more_with_jitter(attempts: int, dice: float, milliseconds: int):
    verdict = again(replace(READ, attempts=attempts), TransientFailure("TIMEOUT"), dice)
    assert verdict.job == replace(READ, attempts=attempts + 1, lease="")
    assert verdict.at == NOW + timedelta(milliseconds=milliseconds)
    assert not verdict.first_doubt


def test_a_third_stumble_is_the_last():
    assert judge(replace(READ, attempts=2), TransientFailure("TIMEOUT"), NOW, 0.0) == Refusal("TIMEOUT")


@pytest.mark.parametrize(("attempts", "seconds"), list(enumerate([2, 5, 15, 30, 60, 120, 240])))
def test_a_write_that_never_got_out_is_tried_ever_more_patiently(attempts: int, seconds: int):
    """The portal is away for some minutes: whoever ordered need not do it again."""
    verdict = again(replace(WRITE, attempts=attempts), TransientFailure("not_sent"))
    promised = NOW if attempts == 0 else None
    assert verdict.job == replace(WRITE, attempts=attempts + 1, lease="", promised_at=promised)
    assert verdict.at == NOW + timedelta(seconds=seconds)
    assert (verdict.first_doubt, verdict.first_delay) == (False, attempts == 0)


def test_a_write_that_never_got_out_is_refused_for_sure():
    assert judge(replace(WRITE, attempts=7), TransientFailure("not_sent"), NOW, 0.0) == Refusal("not_sent")


def test_a_read_that_faltered_is_no_delay():
    assert not again(READ, TransientFailure("TIMEOUT")).first_delay


@pytest.mark.parametrize("job", [READ, WRITE, replace(WRITE, doubt=True)])
def test_a_new_credential_is_tried_at_once_and_costs_no_attempt(job: Job):
    for renewals in range(RENEWALS):
        verdict = again(replace(job, attempts=2, renewals=renewals), TokenRenewed("expired_token"), 0.5)
        free = replace(job, attempts=2, renewals=renewals + 1, lease="")
        assert verdict == RetryPlan(free, NOW + timedelta(milliseconds=100))


@pytest.mark.parametrize("job", [READ, WRITE, replace(WRITE, doubt=True)])
def test_a_portal_that_takes_no_credential_is_trouble_like_any_other(job: Job):
    spent = replace(job, renewals=RENEWALS)
    assert judge(spent, TokenRenewed("expired_token"), NOW, 0.3) == judge(
        spent, TransientFailure("expired_token"), NOW, 0.3
    )


@pytest.mark.parametrize(("attempts", "seconds"), list(enumerate([2, 5, 15, 30, 60, 120, 240])))
def test_a_write_of_unknown_outcome_is_sent_again_ever_more_patiently(attempts: int, seconds: int):
    verdict = again(replace(WRITE, attempts=attempts, doubt=attempts > 0), UnknownOutcome("TIMEOUT"))
    assert verdict.at == NOW + timedelta(seconds=seconds)
    assert verdict.job.idempotency_key == WRITE.idempotency_key
    assert verdict.job.doubt
    assert verdict.first_doubt is (attempts == 0)


def test_the_first_look_at_a_doubt_waits_until_the_portal_is_done():
    patient = replace(write("w"), patience=62.0)
    first = again(patient, UnknownOutcome("TIMEOUT"))
    assert first.at == NOW + timedelta(seconds=62)
    second = again(first.job, UnknownOutcome("TIMEOUT"))
    assert second.at == NOW + timedelta(seconds=5)


def test_in_the_end_people_are_called():
    verdict = judge(replace(WRITE, attempts=7, doubt=True), UnknownOutcome("TIMEOUT"), NOW, 0.0)
    assert verdict == Refusal("TIMEOUT", operators=True, unsure=True)


@pytest.mark.parametrize("attempts", [1, 6, 7])
def test_finding_out_has_all_its_tries_however_long_it_took_to_get_out(attempts: int):
    verdict = again(replace(WRITE, attempts=attempts), UnknownOutcome("TIMEOUT"))
    assert (verdict.first_doubt, verdict.first_delay) == (True, False)
    assert verdict.job == replace(WRITE, attempts=1, doubt=True, lease="", promised_at=NOW)


@pytest.mark.parametrize("attempts", [2, 5])
def test_a_stumble_does_not_end_the_doubt(attempts: int):
    """The portal cannot be reached, but the first try may have been carried out."""
    verdict = again(replace(WRITE, attempts=attempts, doubt=True), TransientFailure("not_sent"))
    assert verdict.job.doubt
    assert verdict.at >= NOW + timedelta(seconds=15)
    last = judge(replace(WRITE, attempts=7, doubt=True), TransientFailure("not_sent"), NOW, 0.0)
    assert last == Refusal("not_sent", operators=True, unsure=True)


def test_a_closed_door_does_not_end_the_doubt():
    """A refused credential says nothing about the try before it."""
    verdict = judge(replace(WRITE, attempts=1, doubt=True), Refusal("AUTH", operators=True), NOW, 0.0)
    assert verdict == Refusal("AUTH", operators=True, unsure=True)
    assert judge(replace(WRITE, attempts=1, doubt=True), Refusal("NO"), NOW, 0.0) == Refusal("NO")


@pytest.mark.parametrize("dice", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("took", [0, 3, 30, 60])
@pytest.mark.parametrize(
    ("first", "then"),
    [(UnknownOutcome("U"), UnknownOutcome("U")), (UnknownOutcome("U"), TransientFailure("F"))],
)
def test_within_the_minutes_that_were_promised_something_is_known(
    first: Outcome, then: Outcome, took: int, dice: float
):
    """However long each try hangs, and as many tries as before when they do not."""
    verdict = judge(replace(WRITE, patience=62.0), first, NOW, dice)
    tries, now = 0, NOW
    while isinstance(verdict, RetryPlan):
        tries, now = tries + 1, verdict.at + timedelta(seconds=took)
        verdict = judge(verdict.job, then, now, dice)
    assert now <= NOW + PROMISED
    assert tries >= (len(WRITE_RETRIES) if took < 30 else 5)


def test_a_doubt_after_a_delay_is_promised_anew():
    late = again(WRITE, TransientFailure("not_sent"))
    assert late.first_delay
    after = judge(late.job, UnknownOutcome("timeout"), NOW + timedelta(minutes=9), 0.0)
    assert isinstance(after, RetryPlan)
    assert (after.first_doubt, after.job.promised_at) == (True, NOW + timedelta(minutes=9))


TROUBLE: st.SearchStrategy[TransientFailure | UnknownOutcome | TokenRenewed] = st.sampled_from(
    [TransientFailure("F"), UnknownOutcome("U"), TokenRenewed("R")]
)


@given(st.sampled_from(Lane), st.lists(TROUBLE, min_size=50, max_size=50), st.floats(0, 1, exclude_max=True))
def test_every_job_comes_to_an_end(
    lane: Lane, outcomes: list[TransientFailure | UnknownOutcome | TokenRenewed], dice: float
):
    job, now, tries = Job("k", lane, {}), NOW, 0
    for outcome in outcomes:
        tries += 1
        verdict = judge(job, outcome, now, dice)
        if isinstance(verdict, Refusal):
            break
        assert isinstance(verdict, RetryPlan)
        assert verdict.at >= now
        assert verdict.job.doubt >= job.doubt
        job, now = verdict.job, verdict.at
    assert tries <= RENEWALS + 2 * len(WRITE_RETRIES) + 1
    assert verdict == Refusal(outcome.code, operators=job.doubt, unsure=job.doubt)
