"""The proxy guard at its limits: gains, half of a promise, windows, hysteresis, keys that part from it."""

from collections.abc import Sequence
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.analysis.proxy_guard import Judgement, Scored, guard, opposed_keys
from interplay.leaderboard.anchors import Anchors
from interplay.leaderboard.guarded import Guarded, guard_tables, guard_words, judged

SE = 0.01


def release(
    name: str,
    best: tuple[float, float],
    *,
    sign: int = 1,
    size: int = 6,
    proxy_se: float = SE,
    anchor_se: float = SE,
    domain: str = "all",
) -> list[Scored]:
    """Candidates below the best one, a thousandth apart, whose anchors rise (1) or fall (-1) with them."""
    proxy, anchor = best
    return [
        Scored(name, f"c{i}", domain, proxy - 0.001 * i, proxy_se, anchor - sign * 0.001 * i, anchor_se)
        for i in range(size)
    ]


def history(*best: tuple[float, float], signs: Sequence[int] = (), **more: float) -> list[Judgement]:
    """Releases one after another; both scores in one unit."""
    signs = signs or [1] * len(best)
    rows = [
        row
        for n, (b, sign) in enumerate(zip(best, signs, strict=True))
        for row in release(f"r{n}", b, sign=sign, **more)  # type: ignore[arg-type]
    ]
    return guard(rows, one_metric=True)


class TestStalled:
    @pytest.mark.parametrize(("gain", "is_a_promise"), [(0.0282, False), (0.0284, True)])
    def test_two_standard_errors_of_the_difference_are_a_promise(
        self, gain: float, is_a_promise: bool
    ) -> None:
        """Both proxies have errors of 0.01: their difference has one of 0.014142."""
        last = history((0.5, 0.5), (0.5, 0.5), (0.5 + gain, 0.4))[-1]
        assert ("stalled" in last.flags) is is_a_promise
        assert (last.gain, last.followed) == (pytest.approx(gain), pytest.approx(-0.1))

    @pytest.mark.parametrize(
        ("followed", "stalled"), [(0.0238, True), (0.0250, False), (0.1, False), (-0.2, True)]
    )
    def test_the_anchor_falls_short_of_half_of_it_beyond_its_error(
        self, followed: float, stalled: bool
    ) -> None:
        """Half of 0.1 is 0.05; the error of what is missing is sqrt(2e-4 + 2e-4 / 4) = 0.015811.

        One-sided at 5 %: 1.645 times that is 0.02601, so less than 0.02399 is too little.
        """
        last = history((0.5, 0.5), (0.5, 0.5), (0.6, 0.5 + followed))[-1]
        assert (last.state == "stalled") is stalled

    def test_it_looks_back_two_releases_and_no_further(self) -> None:
        rising = [(0.5 + 0.06 * n, 0.5 + 0.03 * (n % 2)) for n in range(5)]
        found = history(*rising)
        assert [j.gain for j in found[2:]] == pytest.approx([0.12, 0.12, 0.12])
        assert [j.followed for j in found[2:]] == pytest.approx([0.0, 0.0, 0.0])

    def test_the_best_is_that_of_the_proxy_whatever_its_anchor(self) -> None:
        rows = [row for n in range(3) for row in release(f"r{n}", (0.5, 0.5))]
        top = Scored("r2", "gamed", "all", 0.9, SE, 0.2, SE)
        last = guard([*rows, top], one_metric=True)[-1]
        assert (last.gain, last.followed) == (pytest.approx(0.4), pytest.approx(-0.3))

    def test_scores_in_other_units_are_converted_by_the_first_two_releases(self) -> None:
        """Anchors in tens: what a proxy of 0.1 promises is 1, and 0.9 of it are there."""
        rows = [
            Scored(row.release, row.candidate, "all", row.proxy, SE, 10 * row.anchor, 10 * SE)
            for n, best in enumerate([(0.5, 0.5), (0.5, 0.5), (0.6, 0.59)])
            for row in release(f"r{n}", best)
        ]
        found = guard(rows)
        assert [j.slope for j in found] == pytest.approx([10.0] * 3)
        assert found[-1].state == "tracking"
        assert guard([row for row in rows if row.proxy], one_metric=True)[-1].slope == 1.0

    def test_proxies_that_do_not_differ_convert_nothing(self) -> None:
        rows = [row._replace(proxy=0.5) for n in range(4) for row in release(f"r{n}", (0.5, 0.5))]
        assert {j.state for j in guard(rows)} == {"unknown"}
        assert guard(rows, one_metric=True)[-1].state == "tracking"


class TestInverted:
    def test_the_window_is_centred_by_release_and_tau_is_scipys(self) -> None:
        rows = [
            row
            for n, up in enumerate((0.0, 0.3, 0.6))
            for row in release(f"r{n}", (0.5 + up, 0.5 + up), sign=-1)
        ]
        last = guard(rows, one_metric=True)[-1]
        means = {}
        for name in ("r1", "r2"):
            own = [row for row in rows if row.release == name]
            means[name] = (sum(r.proxy for r in own) / 6, sum(r.anchor for r in own) / 6)
        window = [row for row in rows if row.release in means]
        x = [row.proxy - means[row.release][0] for row in window]
        y = [row.anchor - means[row.release][1] for row in window]
        assert last.tau == pytest.approx(float(stats.kendalltau(x, y).statistic))
        assert last.n == 12
        assert "inverted" in last.flags

    def test_a_release_is_judged_by_itself_and_the_one_before(self) -> None:
        """Four, five, six and seven candidates: 5 + 6, then 6 + 7."""
        rows = [row for n in range(4) for row in release(f"r{n}", (0.5, 0.5), size=4 + n)]
        assert [j.n for j in guard(rows, one_metric=True)] == [0, 0, 11, 13]

    @pytest.mark.parametrize(("size", "flagged"), [(5, False), (6, True)])
    def test_twelve_pairs_are_needed(self, size: int, flagged: bool) -> None:
        found = history(*[(0.5, 0.5)] * 3, signs=(-1, -1, -1), size=size)
        assert ("inverted" in found[-1].flags) is flagged
        assert found[-1].tau < -0.9

    @pytest.mark.parametrize(("size", "state"), [(3, "unknown"), (4, "tracking")])
    def test_four_candidates_are_needed_now_and_two_releases_ago(self, size: int, state: str) -> None:
        full = [row for n in range(3) for row in release(f"r{n}", (0.5, 0.5))]
        for few in ("r0", "r2"):
            rows = [row for row in full if row.release != few or int(row.candidate[1:]) < size]
            assert guard(rows, one_metric=True)[-1].state == state
        between = [row for row in full if row.release != "r1" or row.candidate == "c0"]
        assert guard(between, one_metric=True)[-1].state == "tracking"


class TestHysteresis:
    """A worse state holds at once, a better one after two clean releases."""

    @given(st.lists(st.sampled_from("tsi"), min_size=1, max_size=9))
    @settings(max_examples=25)
    def test_states_follow_the_rule_written_out(self, shown: list[str]) -> None:
        """Releases are built to be clean (t), stalled (s) or inverted (i) by themselves."""
        best, signs = [(0.5, 0.5)] * 2, [1, 1]
        for kind in shown:
            before = best[-2][0]
            best.append((before + 0.2 if kind == "s" else before, 0.5))
            signs.append(-1 if kind == "i" else 1)
        found = history(*best, signs=signs)[2:]
        order = ["tracking", "stalled", "inverted"]
        standing, clean = "tracking", 0
        for judgement in found:
            now = max((f for f in judgement.flags), key=order.index, default="tracking")
            clean = 0 if judgement.flags else clean + 1
            if order.index(now) > order.index(standing) or clean >= 2:
                standing = now
            assert judgement.state == standing

    def test_inverted_does_not_become_stalled_without_two_clean_releases(self) -> None:
        flat = (0.5, 0.5)
        found = history(
            flat, flat, flat, (0.9, 0.5), flat, flat, flat, flat, signs=(-1, -1, -1, 1, 1, 1, 1, 1)
        )
        assert [j.state for j in found[2:4]] == ["inverted", "inverted"]
        assert found[-1].state == "tracking"


class TestOpposedKeys:
    def rows(self) -> list[Scored]:
        return [row for n in range(3) for row in release(f"r{n}", (0.5, 0.5), sign=-1)]

    def test_a_key_that_rises_with_the_proxy_and_falls_with_the_anchor_is_named(self) -> None:
        rows = self.rows()
        keys = {
            "a.rises": {row[:3]: row.proxy for row in rows},
            "a.falls": {row[:3]: -row.proxy for row in rows},
            "a.still": {row[:3]: 1.0 for row in rows},
            "a.few": {row[:3]: row.proxy for row in rows if row.candidate != "c0"},
        }
        (found,) = opposed_keys(rows, "all", keys)
        assert (found.key, found.domain, found.n) == ("a.rises", "all", 12)
        assert found.with_proxy > 0.9 > -0.9 > found.with_anchor
        assert opposed_keys(rows, "elsewhere", keys) == []

    def test_only_the_last_two_releases_count(self) -> None:
        rows = self.rows()
        values = {row[:3]: row.proxy if row.release != "r0" else -row.proxy for row in rows}
        assert len(opposed_keys(rows, "all", {"a.b": values})) == 1

    def test_levels_of_releases_are_no_agreement(self) -> None:
        """A key that only jumps from one release to the next says nothing of the candidates."""
        rows = self.rows()
        jumping = {row[:3]: float(row.release == "r2") for row in rows}
        assert opposed_keys(rows, "all", {"a.b": jumping}) == []


class TestWhatIsSaid:
    def guarded(self, *best: tuple[float, float]) -> Guarded:
        rows = [row for n, b in enumerate(best) for row in release(f"r{n}", b)]
        return judged("mazes", Anchors(tuple(rows), True), "mazes-pair")

    @pytest.mark.parametrize(
        ("best", "said"),
        [
            ([(0.5, 0.5)], "unknown as of r0; it takes three releases of four candidates"),
            ([(0.5, 0.5)] * 3, "the score follows its anchor as of r2"),
            ([(0.5, 0.5), (0.5, 0.5), (0.9, 0.5)], "stalled as of r2: the anchor rose by less than half"),
        ],
    )
    def test_a_state_is_a_sentence(self, best: list[tuple[float, float]], said: str) -> None:
        found = self.guarded(*best)
        assert said in guard_words(found)
        assert found.has_drifted == found.is_ranked_by_anchor == ("stalled" in said)

    def test_without_an_anchor_of_the_headline_nothing_is_said_of_it(self) -> None:
        assert "there is no anchor yet" in guard_words(None)
        rows = [
            row
            for n, b in enumerate([(0.5, 0.5), (0.5, 0.5), (0.9, 0.5)])
            for row in release(f"r{n}", b, domain="maths")
        ]
        found = judged("mazes", Anchors(tuple(rows), True))
        assert (found.has_drifted, found.is_ranked_by_anchor, dict(found.anchors)) == (True, False, {})
        assert "there is no anchor yet" in guard_words(found)

    def test_unknown_releases_have_dashes(self) -> None:
        (table,) = guard_tables(self.guarded((0.5, 0.5), (0.5, 0.5), (0.6, 0.6)))
        assert table.rows[0][2:] == ("unknown", None, None, None, None)
        assert table.rows[2][2:5] == ("tracking", pytest.approx(0.1), pytest.approx(0.1))
        assert table.rows[2][6] == 12

    def test_anchors_are_those_of_the_last_release(self) -> None:
        found = self.guarded((0.5, 0.5), (0.6, 0.6))
        assert {row.release for row in found.anchors.values()} == {"r1"}
        assert set(found.anchors) == {f"c{i}" for i in range(6)}


@pytest.mark.parametrize("order", list(permutations(("all", "maths", "code")))[:3])
def test_domains_are_judged_each_by_itself(order: tuple[str, ...]) -> None:
    rows = [
        row._replace(domain=domain)
        for n, domain in product(range(3), order)
        for row in release(f"r{n}", (0.5 + 0.2 * n * (domain == "maths"), 0.5))
    ]
    found = {(j.domain, j.release): j.state for j in guard(rows, one_metric=True)}
    assert list(dict.fromkeys(domain for domain, _ in found)) == list(order)
    assert [found[domain, "r2"] for domain in ("all", "maths", "code")] == ["tracking", "stalled", "tracking"]
