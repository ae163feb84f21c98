"""Whether work grows with its amount alone: what the later half costs beside the earlier one."""


def marginal_ratio(cost: dict[int, float]) -> float:
    """What one more item costs between the second and third size, by what it costs before.

    1 where cost is a start and so much an item, 2 where it grows with the square and sizes double.

    Args:
        cost: Processor seconds by number of items, of three sizes in rising order.
    """
    (a, first), (b, second), (c, third) = cost.items()
    return (third - second) / (c - b) / ((second - first) / (b - a))
