"""What an outcome means for a job."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Answered, Faltered, Outcome, PushedBack, Refused, Unknown
from shared.pipeline.retry import Again, judge
from tests.pipeline.bench import NOW, read, write

READ = replace(read("r"), lease="w")
WRITE = replace(write("w"), lease="w")


def again(job: Job, outcome: Outcome, dice: float = 0.0) -> Again:
    verdict = judge(job, outcome, NOW, dice)
    assert isinstance(verdict, Again)
    return verdict


@pytest.mark.parametrize("outcome", [Answered("x"), Refused("NO", "why")])
@pytest.mark.parametrize("job", [READ, WRITE, replace(WRITE, attempts=99)])
def test_an_answer_is_an_answer_and_a_no_is_a_no(job: Job, outcome: Outcome):
    assert judge(job, outcome, NOW, 0.5) == outcome


@pytest.mark.parametrize("attempts", [0, 2, 7, 99])
def test_being_pushed_back_costs_no_attempt(attempts: int):
    until = NOW + timedelta(seconds=40)
    verdict = again(replace(READ, attempts=attempts), PushedBack(until))
    assert verdict == Again(replace(READ, attempts=attempts, lease=""), until)


def test_what_was_pushed_back_together_does_not_knock_together():
    until = NOW + timedelta(seconds=40)
    assert again(READ, PushedBack(until), 0.5).at == until + timedelta(milliseconds=100)


@pytest.mark.parametrize(
    ("attempts", "dice", "milliseconds"), [(0, 0.0, 250), (1, 0.0, 500), (0, 1.0, 300), (1, 0.5, 550)]
)
def test_a_read_that_faltered_is_tried_twice_more_with_jitter(attempts: int, dice: float, milliseconds: int):
    verdict = again(replace(READ, attempts=attempts), Faltered("TIMEOUT"), dice)
    assert verdict.job == replace(READ, attempts=attempts + 1, lease="")
    assert verdict.at == NOW + timedelta(milliseconds=milliseconds)
    assert not verdict.first_doubt


def test_a_third_stumble_is_the_last():
    assert judge(replace(READ, attempts=2), Faltered("TIMEOUT"), NOW, 0.0) == Refused("TIMEOUT")


def test_a_write_that_never_left_is_refused_for_sure():
    assert judge(replace(WRITE, attempts=2), Faltered("not_sent"), NOW, 0.0) == Refused("not_sent")


@pytest.mark.parametrize(("attempts", "seconds"), list(enumerate([2, 5, 15, 30, 60, 120, 240])))
def test_a_write_of_unknown_outcome_is_sent_again_ever_more_patiently(attempts: int, seconds: int):
    verdict = again(replace(WRITE, attempts=attempts, doubt=attempts > 0), Unknown("TIMEOUT"))
    assert verdict.at == NOW + timedelta(seconds=seconds)
    assert verdict.job.idempotency_key == WRITE.idempotency_key
    assert verdict.job.doubt
    assert verdict.first_doubt is (attempts == 0)


def test_the_first_look_at_a_doubt_waits_until_the_portal_is_done():
    patient = replace(write("w"), patience=62.0)
    first = again(patient, Unknown("TIMEOUT"))
    assert first.at == NOW + timedelta(seconds=62)
    second = again(first.job, Unknown("TIMEOUT"))
    assert second.at == NOW + timedelta(seconds=5)


def test_in_the_end_people_are_called():
    verdict = judge(replace(WRITE, attempts=7, doubt=True), Unknown("TIMEOUT"), NOW, 0.0)
    assert verdict == Refused("TIMEOUT", operators=True, unsure=True)


def test_the_first_doubt_is_the_first_also_after_a_stumble():
    stumbled = again(WRITE, Faltered("not_sent")).job
    assert not stumbled.doubt
    assert again(stumbled, Unknown("TIMEOUT")).first_doubt


@pytest.mark.parametrize("attempts", [2, 5])
def test_a_stumble_does_not_end_the_doubt(attempts: int):
    """The portal cannot be reached, but the first try may have been carried out."""
    verdict = again(replace(WRITE, attempts=attempts, doubt=True), Faltered("not_sent"))
    assert verdict.job.doubt
    assert verdict.at >= NOW + timedelta(seconds=15)
    last = judge(replace(WRITE, attempts=7, doubt=True), Faltered("not_sent"), NOW, 0.0)
    assert last == Refused("not_sent", operators=True, unsure=True)


def test_a_closed_door_does_not_end_the_doubt():
    """A refused credential says nothing about the try before it."""
    verdict = judge(replace(WRITE, attempts=1, doubt=True), Refused("AUTH", operators=True), NOW, 0.0)
    assert verdict == Refused("AUTH", operators=True, unsure=True)
    assert judge(replace(WRITE, attempts=1, doubt=True), Refused("NO"), NOW, 0.0) == Refused("NO")


@given(st.sampled_from(Lane), st.integers(0, 12), st.booleans(), st.floats(0, 1, exclude_max=True))
def test_every_job_comes_to_an_end(lane: Lane, attempts: int, doubt: bool, dice: float):
    job = Job("k", lane, {}, attempts=attempts, doubt=doubt)
    for outcome in (Faltered("F"), Unknown("U")):
        verdict = judge(job, outcome, NOW, dice)
        if isinstance(verdict, Again):
            assert attempts < 7
            assert verdict.job.attempts == attempts + 1
        else:
            assert isinstance(verdict, Refused)
