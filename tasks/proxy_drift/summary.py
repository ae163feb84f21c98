"""What the board of this family shows beside its headline (pure).

| figure | dims | metric |
| --- | --- | --- |
| skill, and right diagnoses, in each world | `world` | `proxy_drift.skill`, `proxy_drift.diagnosis_correct` |
| drift that is seen in the right domain | `drifted` | `proxy_drift.domain_correct` |
| drift that is seen where there is none | `honest` | `proxy_drift.false_alarm` |
"""

from interplay.tasks.observations import Estimand, Observation, unit_samples

SKILL, RIGHT = "proxy_drift.skill", "proxy_drift.diagnosis_correct"
DOMAIN, ALARM = "proxy_drift.domain_correct", "proxy_drift.false_alarm"
WORLDS = ("tracking", "stalled", "inverted", "flat")


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    found: list[Estimand] = []
    sound = [o for o in observations if not o.errored]
    for world in WORLDS:
        here = [o for o in sound if o.metadata.get("world") == world]
        for key, bounds in ((SKILL, (-1.0, 1.0)), (RIGHT, (0.0, 1.0))):
            if units := unit_samples(here, lambda o, key=key: o.values.get(key)):
                found.append(Estimand({"world": world}, key, units, range=bounds))
    for key, dims in ((DOMAIN, {"worlds": "stalled and inverted"}), (ALARM, {"worlds": "tracking and flat"})):
        if units := unit_samples(sound, lambda o, key=key: o.values.get(key)):
            found.append(Estimand(dims, key, units, range=(0.0, 1.0)))
    return found
