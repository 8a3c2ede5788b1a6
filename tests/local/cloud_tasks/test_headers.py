import base64
import json
from datetime import UTC, datetime

from infra.local.cloud_tasks.headers import Attempt, dispatch_headers
from infra.local.cloud_tasks.oidc import identity_token

ETA = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)


def claims(token: str) -> dict[str, object]:
    part = token.split(".")[1]
    parsed: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return parsed


def test_a_first_attempt():
    headers = dispatch_headers(Attempt(queue="bitrix", task="123", eta=ETA), {"Content-Type": "text/plain"}, None)
    assert headers == {
        "Content-Type": "text/plain",
        "User-Agent": "Google-Cloud-Tasks",
        "X-CloudTasks-QueueName": "bitrix",
        "X-CloudTasks-TaskName": "123",
        "X-CloudTasks-TaskRetryCount": "0",
        "X-CloudTasks-TaskExecutionCount": "0",
        "X-CloudTasks-TaskETA": "1772442000.250000",
    }


def test_a_retry_tells_what_happened_before():
    attempt = Attempt("q", "t", ETA, retry_count=3, execution_count=1, previous_response=404, retry_reason="HTTP 404")
    headers = dispatch_headers(attempt, {}, None)
    assert headers["X-CloudTasks-TaskRetryCount"] == "3"
    assert headers["X-CloudTasks-TaskExecutionCount"] == "1"
    assert headers["X-CloudTasks-TaskPreviousResponse"] == "404"
    assert headers["X-CloudTasks-TaskRetryReason"] == "HTTP 404"


def test_a_task_cannot_forge_the_reserved_headers():
    own = {
        "host": "elsewhere.example",
        "User-agent": "me",
        "CONTENT-LENGTH": "1",
        "Transfer-Encoding": "chunked",
        "x-cloudtasks-queuename": "other",
        "X-Google-Thing": "1",
        "X-AppEngine-Thing": "1",
        "traceparent": "00-1-2-01",
    }
    headers = dispatch_headers(Attempt("q", "t", ETA), own, None)
    assert headers["traceparent"] == "00-1-2-01"
    assert headers["X-CloudTasks-QueueName"] == "q"
    assert not set(own) - {"traceparent"} & set(headers)


def test_authorization_belongs_to_the_token_when_there_is_one():
    own = {"authorization": "Bearer mine"}
    assert dispatch_headers(Attempt("q", "t", ETA), own, None)["authorization"] == "Bearer mine"
    signed = dispatch_headers(Attempt("q", "t", ETA), own, "jwt")
    assert signed["Authorization"] == "Bearer jwt"
    assert "authorization" not in signed


def test_the_identity_token_has_the_claims_of_googles():
    token = identity_token("tasks@p.iam.gserviceaccount.com", "https://worker.example", ETA)
    body = claims(token)
    assert body["iss"] == "https://accounts.google.com"
    assert body["aud"] == "https://worker.example"
    assert body["email"] == "tasks@p.iam.gserviceaccount.com"
    assert body["email_verified"] is True
    assert body["iat"] == 1772442000
    assert body["exp"] == 1772445600
    assert body["sub"] == body["azp"]
    assert len(str(body["sub"])) == 21
    assert [len(part) > 10 for part in token.split(".")] == [True] * 3
