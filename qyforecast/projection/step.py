import numpy as np
from qyforecast.projection.reference import run_records
def run_blocks(world, bounds, precision):
    return run_records(world, bounds, precision), np.zeros(len(world.frame.draws), bool)
