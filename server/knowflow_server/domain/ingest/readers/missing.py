"""What is said of a layout service that was asked for and is not there."""


def missing_service_message(service: str) -> str:
    """Return the sentence for `progress_msg`."""
    return f"No {service} service is configured; the built-in layout reader serves."
