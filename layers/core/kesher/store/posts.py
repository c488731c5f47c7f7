"""A POST at the desk is done once for its `Idempotency-Key`, through Powertools: its answer is kept for
a week and given again.

Powertools runs at least once: where the function dies before its answer is kept, or its keeping
fails, the next POST of that key does the work again. So the work must find out for itself what it
has done before. Its defaults are an hour, MD5, and no idempotency where there is no key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from kesher.errors import BeingWorkedOn, KeyReused
from kesher.settings import settings
from kesher.store.table import connection, posts_key, table

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Post:
    shop: str
    agent: str
    key: str
    """The caller's own: two agents may choose the same."""
    asked: Any
    """What is asked, as JSON has it: under the same key it must be the same."""


def connect() -> None:
    """Imports what only a POST needs, so that SnapStart's picture has it."""
    import aws_lambda_powertools.utilities.idempotency  # noqa: F401, PLC0415


def once(post: Post, work: Callable[[], Any], context: LambdaContext) -> Any:
    """What `work` gives, as JSON has it, or what it gave before. It is kept outside of any customer's
    partition: it may name ids and states, and nothing that is to be exported or erased. What `work`
    raises is not kept. Raises KeyReused, and BeingWorkedOn while another call of the key runs."""
    from aws_lambda_powertools.utilities.idempotency import (  # noqa: PLC0415 (only a POST needs it)
        IdempotencyConfig,
        idempotent_function,
    )
    from aws_lambda_powertools.utilities.idempotency.exceptions import (  # noqa: PLC0415
        IdempotencyAlreadyInProgressError,
        IdempotencyValidationError,
    )

    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="asked",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=int(KEPT.total_seconds()),
        hash_function="sha256",
        lambda_context=context,
    )

    def working(post: dict[str, Any]) -> Any:  # noqa: ARG001 (Powertools takes its key from there)
        return work()

    doing = idempotent_function(
        working,
        data_keyword_argument="post",
        persistence_store=_kept(settings().table_name, post.shop),
        config=config,
        key_prefix="post",
    )
    try:
        return doing(post={"key": [post.agent, post.key], "asked": post.asked})
    except IdempotencyAlreadyInProgressError as error:
        raise BeingWorkedOn(
            "this request is being worked on; ask again in half a minute"
        ) from error
    except IdempotencyValidationError as error:
        raise KeyReused("this Idempotency-Key belongs to another request") from error


@lru_cache(maxsize=100)
def _kept(table_name: str, shop: str) -> "DynamoDBPersistenceLayer":
    from aws_lambda_powertools.utilities.idempotency import (  # noqa: PLC0415
        DynamoDBPersistenceLayer,
    )

    table()
    return DynamoDBPersistenceLayer(
        table_name=table_name,
        key_attr="pk",
        static_pk_value=posts_key(shop),
        sort_key_attr="sk",
        expiry_attr="expires_at",
        in_progress_expiry_attr="in_progress_until",
        data_attr="body",
        validation_key_attr="asked",
        boto3_client=connection().client,
    )
