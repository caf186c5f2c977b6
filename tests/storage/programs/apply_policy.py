"""Apply the newest policy to so many documents a round, until killed; print after each round how many documents are left."""

import sys
import time

from sake_ray.serve.policy_rounds import PolicyRounds
from sake_ray.storage.records import Records

rounds = PolicyRounds(Records(sys.argv[1]), chunk=int(sys.argv[2]))
while True:
    pause = rounds.run_next()
    print(rounds.outdated, flush=True)
    time.sleep(pause)
