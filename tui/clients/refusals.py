"""What the clients refuse, for callers that must not import aiokafka to name it."""


class SendRefused(Exception):
    """More requests wait than are kept; the message says how many and what to do."""


class NotStored(Exception):
    """A request is not stored, or not yet, or nobody knows; the message says which and why."""


class DuplicateClientId(Exception):
    """A client id is taken, here or by another process; the message says by whom."""


class UnknownWorker(Exception):
    """This process has no worker of that client id."""


class BadConnectionSettings(Exception):
    """The settings cannot make a connection; the message names the key, what was found and what is needed."""


class LookUpFailed(Exception):
    """Nobody can say what is stored at a place; the message says why."""


class ClusterRefused(Exception):
    """The cluster did not do, or did not tell, what it was asked; the message says why, and what helps."""
