"""The heartbeat of a job: every ten seconds a reading, and the agent's time counted and written down."""

import time

import anyio

from .posttrain_place import Place, as_root
from .posttrain_state import Job, append_line
from .posttrain_usage import reading

BEAT_SECONDS = 10
READ = """cat /proc/loadavg
du -sk "$1" 2>/dev/null | head -n 1
nvidia-smi --query-gpu=utilization.gpu,power.draw,memory.used --format=csv,noheader,nounits 2>/dev/null
true"""


async def keep_meter(job: Job, place: Place) -> None:
    """Read every ten seconds and count the agent's time, until cancelled."""
    last = time.monotonic()
    while True:
        await anyio.sleep(BEAT_SECONDS)
        now = time.monotonic()
        job.consume(now - last)
        last = now
        done = await as_root(place, ["/bin/sh", "-c", READ, "sh", place.workspace], timeout=60)
        append_line(job.folder / "meter.jsonl", reading(done.stdout, time.time()))
