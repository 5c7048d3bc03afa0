"""What an e-mail address says of where somebody works."""

from __future__ import annotations

# fmt: off
PUBLIC_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "live.cn", "msn.com", "yahoo.com",
    "yahoo.com.hk", "yahoo.co.uk", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me",
    "protonmail.com", "pm.me", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com", "mail.ru", "yandex.com",
    "yandex.ru", "zoho.com", "fastmail.com", "tutanota.com", "hey.com", "qq.com", "vip.qq.com", "foxmail.com",
    "163.com", "vip.163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "139.com", "189.cn",
    "21cn.com", "tom.com", "aliyun.com", "naver.com", "daum.net", "hanmail.net", "netvigator.com", "rediffmail.com",
})
# fmt: on
"""Providers with which anybody may have an address: sharing one says nothing."""
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org", "or", "ne", "go", "gob", "nhs", "res"})


def domain_of(address: str) -> str:
    """The part of an address behind its last @, in lower case; nothing where there is none."""
    before, at, domain = address.rpartition("@")
    return domain.strip().strip(".").lower() if at and before else ""


def organisation_of(domain: str) -> str:
    """The domain that the organisation behind ``domain`` has registered: cs.example.ac.uk is of example.ac.uk.

    Nothing for a public mail provider, and for what is no domain. Without a list of every registry it takes the last
    two labels, or three where the second last is one of the usual ones below a country.
    """
    if domain in PUBLIC_MAIL:
        return ""
    labels = domain.strip(".").lower().split(".")
    below_a_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    registered = ".".join(labels[-3:] if below_a_country else labels[-2:])
    return registered if len(labels) > 1 and registered not in PUBLIC_MAIL else ""
