"""One institution, once: two records are made one, and parted again exactly as they were."""

from .merge import merge_institutions
from .plan import MergePlan, plan_merge
from .unmerge import Parted, unmerge_institutions

__all__ = ["MergePlan", "Parted", "merge_institutions", "plan_merge", "unmerge_institutions"]
