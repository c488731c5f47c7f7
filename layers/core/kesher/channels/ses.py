"""Amazon Simple Email Service, API version 2: alerts by e-mail. It only sends.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html and the service model of
botocore; last read 2026-11-25.

- It knows no idempotency key, so the SDK's own retries are off: a mail asked for twice is two mails.
- A new account is in a sandbox: it sends to verified addresses only, and refuses any other with
  MessageRejected. So it does a sender that is not verified.
- That it takes a mail says nothing of its arriving: bounces come by SNS or e-mail, and are not read.
"""

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
)

from kesher import sdk
from kesher.channels.base import Account
from kesher.domain.message import Outbound
from kesher.domain.outbox import Accepted, NoAnswer, NotAccepted, Refused, SendResult

CREDENTIALS: frozenset[str] = frozenset()
LONGEST_SUBJECT = 100

_LATER = frozenset(
    # rate, quota of the day, sending paused by a person; or our own role, which may be mended
    {"TooManyRequestsException", "LimitExceededException", "SendingPausedException"}
    | {"ThrottlingException", "Throttling", "AccessDeniedException", "ExpiredTokenException"}
    | {"UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch"}
)


def send(account: Account, message: Outbound, callback: str) -> SendResult:  # noqa: ARG001
    try:
        said = sdk.unrepeated("sesv2").send_email(
            FromEmailAddress=account.sender,
            Destination={"ToAddresses": [message.address]},
            Content={"Simple": _content(message.text)},
        )
    except ClientError as error:
        return _refused(error)
    except (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError) as error:
        return NotAccepted(f"could not connect: {type(error).__name__}")
    except HTTPClientError as error:
        return NoAnswer(f"no answer: {type(error).__name__}")
    return Accepted(str(said["MessageId"]), known="sent")


def _content(text: str) -> dict[str, object]:
    """Its first line is the subject too: that is what a list of mails shows."""
    subject = text.partition("\n")[0][:LONGEST_SUBJECT]
    return {
        "Subject": {"Data": subject, "Charset": "UTF-8"},
        "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
    }


def _refused(error: ClientError) -> SendResult:
    code = str(error.response["Error"].get("Code") or "unknown")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    if code in _LATER:
        return NotAccepted(code)
    return NoAnswer(code) if status >= 500 else Refused(code)
