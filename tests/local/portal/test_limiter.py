"""The leaky bucket, with made-up time."""

from __future__ import annotations

from infra.local.portal.limiter import LeakyBucket
from tests.local.portal.conftest import RestClient
from tests.support.clock import Clock


def test_a_burst_passes_and_the_next_one_does_not(clock: Clock):
    bucket = LeakyBucket(2, 50, clock)
    assert all(bucket.take() for _ in range(50))
    assert not bucket.take()


def test_two_a_second_leak_out(clock: Clock):
    bucket = LeakyBucket(2, 50, clock)
    for _ in range(50):
        bucket.take()
    clock.passed += 1
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_two_a_second_go_on_for_ever(clock: Clock):
    bucket = LeakyBucket(2, 50, clock)
    for _ in range(1000):
        assert bucket.take()
        clock.passed += 0.5


def test_an_empty_bucket_does_not_save_up(clock: Clock):
    bucket = LeakyBucket(2, 3, clock)
    clock.passed += 3600
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


async def test_a_full_bucket_answers_503_and_runs_nothing(make_portal, clock: Clock):
    rest = RestClient(make_portal(rate=2.0, burst=3, costs={}, default_cost=0.0))
    fields = {"PRODUCT_ID": "1001", "QUANTITY": 1, "FUSER_ID": "17"}
    answers = [await rest.change("sale.basketitem.add", {"fields": fields}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 503]
    assert answers[3].json()["error"] == "QUERY_LIMIT_EXCEEDED"
    assert len(rest.portal.shop.orders.basket("17")) == 3
    clock.passed += 0.5
    assert (await rest.change("sale.basketitem.add", {"fields": fields})).status_code == 200
    await rest.http.aclose()


async def test_a_batch_and_a_wrong_key_count_as_one_request_each_and_pictures_as_none(make_portal):
    rest = RestClient(make_portal(burst=2, rate=0.001, costs={}, default_cost=0.0))
    for _ in range(3):
        assert (await rest.http.get("/upload/1001.jpg")).status_code == 200
    assert (await rest.http.get("/rest/1/wrong/sale.order.get?id=1")).status_code == 401
    assert (await rest.call("batch", {"cmd": {str(n): "sale.order.get?id=1" for n in range(50)}})).status_code == 200
    assert (await rest.call("sale.order.get", {"id": 1})).status_code == 503
    await rest.http.aclose()
