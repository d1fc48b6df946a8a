"""Reader categories as rules see them: each within wider ones, ANY the widest."""

from lienthu.loanrules.policy.resolving import ANY


def category_path(code: str) -> tuple[str, ...]:
    """Return the category and those around it, ANY last."""
    return (code, ANY) if code and code != ANY else (ANY,)
