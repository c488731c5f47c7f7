"""Parameter Store, through Powertools and its cache."""

from functools import lru_cache
from typing import cast

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from kesher import sdk
from kesher.errors import NotFound


@lru_cache(maxsize=1)
def provider() -> SSMProvider:
    return SSMProvider(boto3_client=sdk.client("ssm"))


def parameter(name: str, *, kept_seconds: int) -> str:
    """Decrypted; raises NotFound."""
    try:
        return str(provider().get(name, max_age=kept_seconds, decrypt=True))
    except GetParameterError as error:
        if "ParameterNotFound" in str(error):
            raise NotFound(f"no parameter {name!r}") from error
        raise


def under(path: str) -> dict[str, str]:
    """Those directly under the path, by their last names, as they are now; none of them is secret."""
    return cast("dict[str, str]", provider().get_multiple(path, max_age=0, decrypt=False))
