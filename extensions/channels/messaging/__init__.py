"""What all messaging channels share: `base.MessagingChannel` and its parts.

The way of a message: `base` (is it the platform's?) -> `rows` (noted, once) -> `desk`
(emergency, limits, turn) -> the channel's `render` -> `rows` -> `sending`.
"""
