"""What the sandboxes of post-training jobs are made of: compose files, images, the egress proxy, Slurm."""
