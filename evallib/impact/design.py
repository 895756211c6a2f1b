"""Design: which column plays which role in an evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from evallib.errors import SchemaError


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Roles of the columns of a frame; every estimator takes one.

    Parameters
    ----------
    outcome : str
        Column of the result, numeric.
    unit : str
        Column of the unit that is treated or not, such as ``"tambon_code"``; any dtype.
    time : str, optional
        Column of the period, whole numbers.
    cohort : str, optional
        Column of the first treated period; missing, 0 or +inf means never treated.
    treated : str, optional
        Column that is 1 (or true) where the unit is treated in that period, as another way to
        state ``cohort``.
    covariates : sequence of str, default ()
        Numeric columns on which comparison units are made alike.
    weights : str, optional
        Column of sampling weights, positive.
    cluster : str or sequence of two str, optional
        Column of the cluster in which errors may be correlated; the unit when None. Two columns,
        such as amphoe and period, for `estimate_twoway`.
    dose : str, optional
        Column of the amount of treatment; for the estimators that take one.

    Raises
    ------
    SchemaError
        ``impact.bad_role``: a role is not a column name; ``impact.role_twice``: one column plays
        two roles that exclude each other.

    Notes
    -----
    ``cluster`` may equal ``unit``, or ``time`` when it is one of two; a covariate may not be any
    other role; else no column may appear twice.

    Examples
    --------
    >>> Design(outcome="income", unit="tambon_code", time="t", cohort="cohort").cluster is None
    True
    >>> Design(outcome="income", unit="tambon_code", covariates=["age"]).covariates
    ('age',)
    """

    outcome: str
    unit: str
    time: str | None = None
    cohort: str | None = None
    treated: str | None = None
    covariates: tuple[str, ...] = ()
    weights: str | None = None
    cluster: str | tuple[str, ...] | None = None
    dose: str | None = None

    def __post_init__(self) -> None:
        listed: object = self.covariates
        if isinstance(listed, str) or not isinstance(listed, Sequence):  # a bare name is a slip
            raise SchemaError("impact.bad_role", role="covariates", found=repr(listed))
        object.__setattr__(self, "covariates", tuple(listed))
        if isinstance(self.cluster, Sequence) and not isinstance(self.cluster, str):
            object.__setattr__(self, "cluster", self._clusters(tuple(self.cluster)))
        for role, column in self.roles():
            if not isinstance(column, str) or not column.strip():
                raise SchemaError("impact.bad_role", role=role, found=repr(column))
        self._refuse_doubles()

    def roles(self) -> list[tuple[str, str]]:
        """Return (role, column) for every role that is filled, in a fixed order."""
        filled: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "covariates" or isinstance(value, tuple):
                filled += [(field.name, column) for column in value]
            elif value is not None or field.name in {"outcome", "unit"}:
                filled.append((field.name, value))
        return filled

    @staticmethod
    def _clusters(listed: tuple[str, ...]) -> str | tuple[str, ...]:
        """Return one column as itself and two as they are."""
        if not 0 < len(listed) < 3 or (len(listed) == 2 and listed[0] == listed[1]):
            raise SchemaError("impact.bad_role", role="cluster", found=repr(listed))
        return listed[0] if len(listed) == 1 else listed

    @property
    def one_cluster(self) -> str | None:
        """Return the column of the cluster.

        Raises
        ------
        SchemaError
            ``impact.two_clusters``: there are two, which the estimator does not take.
        """
        if isinstance(self.cluster, tuple):
            raise SchemaError("impact.two_clusters", found=", ".join(self.cluster))
        return self.cluster

    def _refuse_doubles(self) -> None:
        """Refuse a column in two roles, but for errors clustered by unit or period."""
        seen: dict[str, str] = {}
        for role, column in self.roles():
            other = seen.setdefault(column, role)
            allowed = ("unit", "time") if isinstance(self.cluster, tuple) else ("unit",)
            if other != role and not (role == "cluster" and other in allowed):
                raise SchemaError("impact.role_twice", column=column, found=f"{other}, {role}")
        if len(set(self.covariates)) < len(self.covariates):
            raise SchemaError(
                "impact.role_twice", column=", ".join(self.covariates), found="covariates"
            )


def check_choice(name: str, value: object, known: Sequence[str]) -> None:
    """Refuse a word that is not known.

    Raises
    ------
    SchemaError
        ``impact.unknown_choice``.
    """
    if value not in known:
        raise SchemaError(
            "impact.unknown_choice", name=name, found=repr(value), known=", ".join(known)
        )


def check_numbers(*, level: float, **counts: int) -> None:
    """Refuse a level outside 0 to 1, and counts that are negative or not whole.

    Raises
    ------
    SchemaError
        ``impact.bad_level``, ``impact.not_a_count``.
    """
    for name, number in counts.items():
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise SchemaError("impact.not_a_count", name=name, found=repr(number))
    if not 0 < level < 1:
        raise SchemaError("impact.bad_level", found=repr(level))
