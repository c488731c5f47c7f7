"""English."""

TEXTS = {
    "handed_over": "Thanks for writing to {shop}. We have your message and a person will answer you here.",
    "added": "Thanks, we added this to your request. A person will answer you here.",
    "picture": "Thanks, we have your picture. A person will look at it and answer you here.",
    "unreadable": "Your message reached us, but we could not read it. Could you write it once more?",
    "no_orders": "We found no order under this number. A person will look for it and answer you here.",
    "opted_out": "{shop}: you will get no more texts from us. Reply START to get them again.",
    "opted_in": "{shop}: welcome back, you will get our texts again. Reply STOP to end them.",
    "help": "{shop}: ask about opening hours, returns, shipping or your order, and a person is here for"
    " anything else. Reply STOP to end our texts.",
    "orders": "Your orders at {shop}:",
    "order_confirmed": "{order}: confirmed, being prepared.",
    "order_shipped": "{order}: on its way.",
    "order_delivered": "{order}: delivered.",
    "order_cancelled": "{order}: cancelled.",
    "order_refunded": "{order}: refunded.",
    "order_tracked": "{order}: on its way. {tracking}",
    "notice_confirmed": "{shop}: thank you, order {order} is confirmed.",
    "notice_shipped": "{shop}: order {order} is on its way.",
    "notice_delivered": "{shop}: order {order} was delivered. If anything is wrong, just reply here.",
    "notice_cancelled": "{shop}: order {order} was cancelled. Questions? Just reply here.",
    "notice_refunded": "{shop}: we refunded order {order}.",
    "notice_amount": "Amount: {amount}.",
    "notice_carrier": "Carrier: {carrier}.",
    "notice_tracking": "Tracking: {tracking}",
    "when_today": "today at {time}",
    "when_tomorrow": "tomorrow at {time}",
    "when_weekday": "on {weekday} at {time}",
    "when_date": "on {date} at {time}",
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DATE = "d MMMM"

ASKS = {
    "opening_hours": (
        *("opening hours", "business hours", "working hours", "store hours", "what hours", "hours"),
        *("when are you open", "are you open", "when do you open", "when do you close"),
        *("what time do you open", "what time do you close"),
    ),
    "returns": (
        *("return policy", "returns policy", "how do i return", "can i return", "returns"),
        *("return an item", "return it", "send it back", "exchange", "money back", "refund policy"),
    ),
    "shipping": (
        *("shipping", "delivery cost", "delivery time", "delivery fee", "how much is delivery"),
        *("do you deliver", "do you ship", "how long does delivery take"),
    ),
    "order": (
        *("where is my order", "wheres my order", "order status", "status of my order"),
        *("track my order", "my orders", "where is my package", "wheres my package"),
        *("where is my parcel", "when will my order arrive", "when does my order arrive"),
        *("has my order shipped", "did my order ship", "tracking number"),
    ),
}
