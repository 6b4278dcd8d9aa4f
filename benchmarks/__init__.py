"""Measurements that anybody can run: python3 dev.py bench NAME. Figures are ratios within one run."""
